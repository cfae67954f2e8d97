"""The database's own guard of what is only added: the versions of a case and the steps that it took."""

from __future__ import annotations

from collections.abc import Mapping

_KEPT = {
    "redesign_version": "a version that was handed in cannot be changed or removed",
    "redesign_passage": "a step that a case took cannot be changed or removed",
}

LATER = {
    "redesign_commissioninglead": "who was named to lead cannot be changed or removed",
    "redesign_handover": "what was handed over cannot be changed or removed",
}

CONCLAVE = {
    "redesign_conclavereport": "a report that was issued cannot be changed or removed",
    "redesign_reportreceived": "a receipt cannot be changed or removed",
}

PUBLIC = {
    "redesign_publicsummary": "a summary that was published cannot be changed or removed",
    "redesign_publicsummaryend": "that a summary was taken off cannot be changed or removed",
}

PUBLIC_REASONS = {"redesign_publicsummaryreason": "why a change did not go on cannot be said otherwise or removed"}

MILESTONES = {
    "redesign_milestone": "what was said of a milestone cannot be changed or removed",
    "redesign_casemilestone": "on which milestone a case hung cannot be changed or removed",
}

CONSULTING = {
    "redesign_consultation": "a note of consultation cannot be changed or removed",
    "redesign_intentionstate": "how an intention stood cannot be said otherwise or removed",
}

TERTIARY = {"redesign_tertiaryword": "what was said of a tertiary flow cannot be changed or removed"}

SUPPORT = {
    "redesign_notapplying": "what a supporter said of an element cannot be changed or removed",
}


def later(vendor: str, tables: Mapping[str, str] = LATER) -> tuple[str, ...]:
    """Give the statements that guard tables that came after the first, in the database of a vendor."""
    if vendor == "sqlite":
        return tuple(
            f"CREATE TRIGGER {table}_{event.lower()} BEFORE {event} ON {table} "
            f"BEGIN SELECT raise(ABORT, '{sentence}'); END"
            for table, sentence in tables.items()
            for event in ("UPDATE", "DELETE")
        )
    return tuple(
        f"CREATE TRIGGER {table}_{what} BEFORE {events} ON {table} FOR EACH {each} EXECUTE FUNCTION redesign_refuse()"
        for table in tables
        for what, events, each in (("kept", "UPDATE OR DELETE", "ROW"), ("not_emptied", "TRUNCATE", "STATEMENT"))
    )


SQLITE = later("sqlite", _KEPT)

POSTGRESQL = (
    """
    CREATE FUNCTION redesign_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION '% is not allowed on %', TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END $$
    """,
    *later("postgresql", _KEPT),
)

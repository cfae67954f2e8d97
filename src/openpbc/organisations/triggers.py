"""The database's own guard of two clocks: of what there is one at a time there is one, as known at any time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

_OVERLAP = """
    SELECT 1 FROM organisations_membership AS other
    WHERE other.place_id = NEW.place_id AND other.practice = NEW.practice AND other.id <> NEW.id
      AND other.valid_from <= coalesce(NEW.valid_to, '9999-12-31')
      AND NEW.valid_from <= coalesce(other.valid_to, '9999-12-31')
      AND other.known_from < coalesce(NEW.known_to, '9999-12-31')
      AND NEW.known_from < coalesce(other.known_to, '9999-12-31')
"""

_SQLITE = """
    CREATE TRIGGER membership_alone_{moment} AFTER {event} ON organisations_membership
    WHEN EXISTS ({overlap})
    BEGIN SELECT raise(ABORT, 'a practice belongs to one unit at a time'); END
"""

SQLITE = (
    _SQLITE.format(moment="added", event="INSERT", overlap=_OVERLAP),
    _SQLITE.format(moment="changed", event="UPDATE", overlap=_OVERLAP),
)

POSTGRESQL = (
    f"""
    CREATE FUNCTION membership_alone() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      -- Two writers of one practice go one after the other, so that each sees the other's row.
      PERFORM pg_advisory_xact_lock(hashtext(NEW.place_id || '/' || NEW.practice));
      IF EXISTS ({_OVERLAP}) THEN
        RAISE EXCEPTION 'a practice belongs to one unit at a time' USING ERRCODE = 'exclusion_violation';
      END IF;
      RETURN NEW;
    END $$
    """,
    "CREATE TRIGGER membership_alone BEFORE INSERT OR UPDATE ON organisations_membership "
    "FOR EACH ROW EXECUTE FUNCTION membership_alone()",
)


_ALIKE = """
    SELECT 1 FROM {table} AS other
    WHERE other.place_id = NEW.place_id AND {same} AND other.id <> NEW.id
      AND other.valid_from <= coalesce(NEW.valid_to, '9999-12-31')
      AND NEW.valid_from <= coalesce(other.valid_to, '9999-12-31')
      AND other.known_from < coalesce(NEW.known_to, '9999-12-31')
      AND NEW.known_from < coalesce(other.known_to, '9999-12-31')
"""
# Table -> its name in the trigger, what makes two rows speak of the same, the sentence.
GUARDED = {
    "organisations_organisation": (
        "organisation",
        "other.kind = NEW.kind AND other.code = NEW.code",
        "an organisation is told in one way at a time",
    ),
    "organisations_link": ("link", "other.alone = NEW.alone", "such a link is held once at a time"),
}
ARRANGED = {
    "organisations_arrangement": (
        "arrangement",
        "other.kind = NEW.kind AND other.subject = NEW.subject",
        "an area, a function or a group is arranged in one way at a time",
    ),
}


def guards(vendor: str, guarded: Mapping[str, tuple[str, str, str]] = GUARDED) -> list[str]:
    """Give the statements that refuse two rows alike, such as of one organisation, that overlap on both clocks."""
    found = []
    for table, (name, same, sentence) in guarded.items():
        overlap = _ALIKE.format(table=table, same=same)
        if vendor == "sqlite":
            found += [
                f"CREATE TRIGGER {name}_alone_{moment} AFTER {event} ON {table} WHEN EXISTS ({overlap})"
                f" BEGIN SELECT raise(ABORT, '{sentence}'); END"
                for moment, event in (("added", "INSERT"), ("changed", "UPDATE"))
            ]
            continue
        found += [
            f"""
            CREATE FUNCTION {name}_alone() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
              -- One lock a place, not one a row: a file of the register writes more rows than a transaction may lock.
              PERFORM pg_advisory_xact_lock(hashtext(NEW.place_id || '/{name}'));
              IF EXISTS ({overlap}) THEN
                RAISE EXCEPTION '{sentence}' USING ERRCODE = 'exclusion_violation';
              END IF;
              RETURN NEW;
            END $$
            """,
            f"CREATE TRIGGER {name}_alone BEFORE INSERT OR UPDATE ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION {name}_alone()",
        ]
    return found


def kept(names: Iterable[str], vendor: str) -> list[str]:
    """Give the statements that let rows of some of the room's tables only be added."""
    found: list[str] = []
    if vendor != "sqlite":
        found.append(
            "CREATE FUNCTION organisations_refuse() RETURNS trigger LANGUAGE plpgsql AS $$\nBEGIN RAISE EXCEPTION "
            "'% is not allowed on %', TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END $$"
        )
    for name in names:
        table, refuse = f"organisations_{name}", "EXECUTE FUNCTION organisations_refuse()"
        if vendor == "sqlite":
            found += [
                f"CREATE TRIGGER {name}_{event.lower()}_refused BEFORE {event} ON {table} "
                f"BEGIN SELECT raise(ABORT, 'rows of {table} are only added'); END"
                for event in ("UPDATE", "DELETE")
            ]
            continue
        found += [
            f"CREATE TRIGGER {name}_kept BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW {refuse}",
            f"CREATE TRIGGER {name}_not_emptied BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {refuse}",
        ]
    return found

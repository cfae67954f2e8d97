"""The database's own guard of what is only added: decisions, interests and all that is said of them later."""

from __future__ import annotations

SQLITE = (
    """
    CREATE TRIGGER decision_unchanged BEFORE UPDATE ON governance_decision
    BEGIN SELECT raise(ABORT, 'a recorded decision cannot be changed'); END
    """,
    """
    CREATE TRIGGER decision_kept BEFORE DELETE ON governance_decision
    BEGIN SELECT raise(ABORT, 'a recorded decision cannot be removed'); END
    """,
)

POSTGRESQL = (
    """
    CREATE FUNCTION governance_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION '% is not allowed on %', TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END $$
    """,
    "CREATE TRIGGER decision_kept BEFORE UPDATE OR DELETE ON governance_decision "
    "FOR EACH ROW EXECUTE FUNCTION governance_refuse()",
    "CREATE TRIGGER decision_not_emptied BEFORE TRUNCATE ON governance_decision "
    "FOR EACH STATEMENT EXECUTE FUNCTION governance_refuse()",
)


def kept(name: str, vendor: str) -> tuple[str, ...]:
    """Give the statements that let rows of one of the room's tables only be added, in the database of a vendor."""
    table = f"governance_{name}"
    if vendor == "sqlite":
        return tuple(
            f"CREATE TRIGGER {name}_{event.lower()}_refused BEFORE {event} ON {table} "
            f"BEGIN SELECT raise(ABORT, 'rows of {table} are only added'); END"
            for event in ("UPDATE", "DELETE")
        )
    refuse = "EXECUTE FUNCTION governance_refuse()"
    return (
        f"CREATE TRIGGER {name}_kept BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW {refuse}",
        f"CREATE TRIGGER {name}_not_emptied BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {refuse}",
    )

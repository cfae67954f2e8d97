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


def meetings(vendor: str) -> tuple[str, ...]:
    """Give the statements that keep the votes and the outcome of an item as they are once it is decided."""
    return _MEETINGS_SQLITE if vendor == "sqlite" else _MEETINGS_POSTGRESQL


_DECIDED = "(SELECT state FROM governance_item WHERE id = {row}.item_id) = 'decided'"
_MEETINGS_SQLITE = (
    *(
        f"CREATE TRIGGER ballot_{event.lower()}_decided BEFORE {event} ON governance_ballot WHEN "
        f"{_DECIDED.format(row='OLD' if event == 'DELETE' else 'NEW')} "
        "BEGIN SELECT raise(ABORT, 'the item of this vote is decided'); END"
        for event in ("INSERT", "UPDATE", "DELETE")
    ),
    """
    CREATE TRIGGER item_stays_decided BEFORE UPDATE ON governance_item
    WHEN OLD.state = 'decided' AND (NEW.state <> 'decided' OR NEW.decision_id IS NOT OLD.decision_id)
    BEGIN SELECT raise(ABORT, 'a decided item stays as it was decided'); END
    """,
    """
    CREATE TRIGGER item_kept BEFORE DELETE ON governance_item
    BEGIN SELECT raise(ABORT, 'an item is never removed'); END
    """,
)
_MEETINGS_POSTGRESQL = (
    f"""
    CREATE FUNCTION governance_ballot_guard() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF TG_OP = 'DELETE' THEN
        IF {_DECIDED.format(row="OLD")} THEN RAISE EXCEPTION 'the item of this vote is decided'; END IF;
        RETURN OLD;
      END IF;
      IF {_DECIDED.format(row="NEW")} THEN RAISE EXCEPTION 'the item of this vote is decided'; END IF;
      RETURN NEW;
    END $$
    """,
    "CREATE TRIGGER ballot_decided BEFORE INSERT OR UPDATE OR DELETE ON governance_ballot "
    "FOR EACH ROW EXECUTE FUNCTION governance_ballot_guard()",
    """
    CREATE FUNCTION governance_item_guard() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF OLD.state = 'decided' AND (NEW.state <> 'decided' OR NEW.decision_id IS DISTINCT FROM OLD.decision_id) THEN
        RAISE EXCEPTION 'a decided item stays as it was decided';
      END IF;
      RETURN NEW;
    END $$
    """,
    "CREATE TRIGGER item_stays_decided BEFORE UPDATE ON governance_item "
    "FOR EACH ROW EXECUTE FUNCTION governance_item_guard()",
    "CREATE TRIGGER item_kept BEFORE DELETE ON governance_item FOR EACH ROW EXECUTE FUNCTION governance_refuse()",
)

"""The database's own guard of decisions: they are only added."""

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

"""The database's own guard of the log: events are only added, in order, and the head only moves forward."""

from __future__ import annotations

SQLITE = (
    """
    CREATE TRIGGER audit_event_follows BEFORE INSERT ON audit_auditevent
    WHEN NEW.sequence <> (SELECT coalesce(max(sequence), 0) + 1 FROM audit_auditevent)
      OR NEW.previous_hash <> coalesce((SELECT hash FROM audit_auditevent ORDER BY sequence DESC LIMIT 1),
                                       '0000000000000000000000000000000000000000000000000000000000000000')
    BEGIN SELECT raise(ABORT, 'an audit event must follow the last one'); END
    """,
    """
    CREATE TRIGGER audit_event_unchanged BEFORE UPDATE ON audit_auditevent
    BEGIN SELECT raise(ABORT, 'audit events cannot be changed'); END
    """,
    """
    CREATE TRIGGER audit_event_kept BEFORE DELETE ON audit_auditevent
    BEGIN SELECT raise(ABORT, 'audit events cannot be removed'); END
    """,
    """
    CREATE TRIGGER audit_head_forward BEFORE UPDATE ON audit_chainhead
    WHEN NEW.sequence <= OLD.sequence
    BEGIN SELECT raise(ABORT, 'the head of the audit chain only moves forward'); END
    """,
    """
    CREATE TRIGGER audit_head_kept BEFORE DELETE ON audit_chainhead
    BEGIN SELECT raise(ABORT, 'the head of the audit chain cannot be removed'); END
    """,
)

POSTGRESQL = (
    """
    CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION '% is not allowed on %', TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END $$
    """,
    """
    CREATE FUNCTION audit_follow() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE last audit_auditevent%ROWTYPE;
    BEGIN
      SELECT * INTO last FROM audit_auditevent ORDER BY sequence DESC LIMIT 1;
      IF NEW.sequence <> coalesce(last.sequence, 0) + 1
         OR NEW.previous_hash <> coalesce(last.hash, repeat('0', 64)) THEN
        RAISE EXCEPTION 'an audit event must follow the last one' USING ERRCODE = 'restrict_violation';
      END IF;
      RETURN NEW;
    END $$
    """,
    """
    CREATE FUNCTION audit_forward() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF NEW.sequence <= OLD.sequence THEN
        RAISE EXCEPTION 'the head of the audit chain only moves forward' USING ERRCODE = 'restrict_violation';
      END IF;
      RETURN NEW;
    END $$
    """,
    "CREATE TRIGGER audit_event_follows BEFORE INSERT ON audit_auditevent FOR EACH ROW EXECUTE FUNCTION audit_follow()",
    "CREATE TRIGGER audit_event_kept BEFORE UPDATE OR DELETE ON audit_auditevent "
    "FOR EACH ROW EXECUTE FUNCTION audit_refuse()",
    "CREATE TRIGGER audit_event_not_emptied BEFORE TRUNCATE ON audit_auditevent "
    "FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()",
    "CREATE TRIGGER audit_head_forward BEFORE UPDATE ON audit_chainhead FOR EACH ROW EXECUTE FUNCTION audit_forward()",
    "CREATE TRIGGER audit_head_kept BEFORE DELETE ON audit_chainhead FOR EACH ROW EXECUTE FUNCTION audit_refuse()",
    "CREATE TRIGGER audit_head_not_emptied BEFORE TRUNCATE ON audit_chainhead "
    "FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()",
)

STAMPS_SQLITE = (
    """
    CREATE TRIGGER audit_stamp_of_event BEFORE INSERT ON audit_stamp
    WHEN NOT EXISTS (SELECT 1 FROM audit_auditevent WHERE sequence = NEW.sequence AND hash = NEW.hash)
    BEGIN SELECT raise(ABORT, 'a stamp must be of an event of the log'); END
    """,
    *(
        f"""
        CREATE TRIGGER {table}_{name} BEFORE {act} ON {table}
        BEGIN SELECT raise(ABORT, 'what was kept about stamps cannot be {words}'); END
        """
        for table in ("audit_stamp", "audit_stamptrouble")
        for name, act, words in (("unchanged", "UPDATE", "changed"), ("kept", "DELETE", "removed"))
    ),
)

STAMPS_POSTGRESQL = (
    """
    CREATE FUNCTION audit_stamp_event() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF NOT EXISTS (SELECT 1 FROM audit_auditevent WHERE sequence = NEW.sequence AND hash = NEW.hash) THEN
        RAISE EXCEPTION 'a stamp must be of an event of the log' USING ERRCODE = 'restrict_violation';
      END IF;
      RETURN NEW;
    END $$
    """,
    "CREATE TRIGGER audit_stamp_of_event BEFORE INSERT ON audit_stamp "
    "FOR EACH ROW EXECUTE FUNCTION audit_stamp_event()",
    *(
        f"CREATE TRIGGER {table}_{name} BEFORE {act} ON {table} FOR EACH {each} EXECUTE FUNCTION audit_refuse()"
        for table in ("audit_stamp", "audit_stamptrouble")
        for name, act, each in (("kept", "UPDATE OR DELETE", "ROW"), ("not_emptied", "TRUNCATE", "STATEMENT"))
    ),
)

"""The database's own guard of membership: one practice, one unit, at any time as known at any time."""

from __future__ import annotations

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

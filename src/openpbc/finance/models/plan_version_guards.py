"""The database's own guard of plan versions: only a draft's lines change, what was approved stays."""

from __future__ import annotations

_VERSION, _LINE, _CHANGE = "finance_planversion", "finance_planversionline", "finance_planchange"
_LINES_KEPT = "only the lines of a draft can be changed"
_VERSION_KEPT = "a plan version cannot be changed any more"
_STAYS = "a plan version cannot be removed"
_CHANGES_KEPT = "changes of a plan are only added"

# What may become of a version: a draft is submitted, a submitted one decided, an approved one only superseded.
_BROKEN = """
    NEW.place <> OLD.place OR NEW.year <> OLD.year OR NEW.number <> OLD.number OR NEW.revision <= OLD.revision
    OR OLD.state IN ('superseded', 'withdrawn')
    OR (OLD.state = 'submitted' AND NEW.state NOT IN ('approved', 'withdrawn'))
    OR (OLD.state = 'approved' AND NOT (
      NEW.state = 'superseded' AND NEW.title = OLD.title AND NEW.scenario = OLD.scenario
      AND NEW.decision = OLD.decision AND NEW.dated = OLD.dated))
    OR (OLD.state = 'draft' AND NEW.state IN ('approved', 'superseded'))
"""


def _sqlite() -> tuple[str, ...]:
    lines = tuple(
        f"""
        CREATE TRIGGER plan_version_line_{moment} BEFORE {event} ON {_LINE}
        WHEN (SELECT state FROM {_VERSION} WHERE id = {row}.version_id) <> 'draft'
        BEGIN SELECT raise(ABORT, '{_LINES_KEPT}'); END
        """
        for moment, event, row in (
            ("added", "INSERT", "NEW"), ("changed", "UPDATE", "OLD"), ("moved", "UPDATE", "NEW"),
            ("removed", "DELETE", "OLD"),
        )
    )  # fmt: skip
    refusals = tuple(
        f"CREATE TRIGGER {name} BEFORE {event} ON {table} BEGIN SELECT raise(ABORT, '{sentence}'); END"
        for name, event, table, sentence in (
            ("plan_version_stays", "DELETE", _VERSION, _STAYS),
            ("plan_change_unchanged", "UPDATE", _CHANGE, _CHANGES_KEPT),
            ("plan_change_stays", "DELETE", _CHANGE, _CHANGES_KEPT),
        )
    )
    version = f"""
        CREATE TRIGGER plan_version_kept BEFORE UPDATE ON {_VERSION} WHEN {_BROKEN}
        BEGIN SELECT raise(ABORT, '{_VERSION_KEPT}'); END
    """
    # "Insert or replace" would take the old row away without asking the guards above.
    replacements = tuple(
        f"""
        CREATE TRIGGER {name} BEFORE INSERT ON {table} WHEN EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id OR ({same}))
        BEGIN SELECT raise(ABORT, '{sentence}'); END
        """
        for name, table, same, sentence in (
            ("plan_version_not_replaced", _VERSION, "place = NEW.place AND year = NEW.year AND number = NEW.number",
             _VERSION_KEPT),
            ("plan_change_not_replaced", _CHANGE, "version_id = NEW.version_id AND revision = NEW.revision",
             _CHANGES_KEPT),
        )
    )  # fmt: skip
    return (*lines, *refusals, version, *replacements)


SQLITE = _sqlite()

POSTGRESQL = (
    f"""
    CREATE FUNCTION plan_version_line_guard() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE held text;
    BEGIN
      -- The version's row is held until the transaction ends, so that it cannot be submitted meanwhile.
      FOR held IN SELECT state FROM {_VERSION}
        WHERE id IN (CASE WHEN TG_OP = 'DELETE' THEN OLD.version_id ELSE NEW.version_id END,
                     CASE WHEN TG_OP = 'INSERT' THEN NEW.version_id ELSE OLD.version_id END) FOR SHARE
      LOOP
        IF held <> 'draft' THEN
          RAISE EXCEPTION '{_LINES_KEPT}' USING ERRCODE = 'restrict_violation';
        END IF;
      END LOOP;
      RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
    END $$
    """,
    f"""
    CREATE FUNCTION plan_version_guard() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF {_BROKEN} THEN
        RAISE EXCEPTION '{_VERSION_KEPT}' USING ERRCODE = 'restrict_violation';
      END IF;
      RETURN NEW;
    END $$
    """,
    """
    CREATE FUNCTION plan_version_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION '% is not allowed on %', TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END $$
    """,
    f"CREATE TRIGGER plan_version_line_guard BEFORE INSERT OR UPDATE OR DELETE ON {_LINE} "
    "FOR EACH ROW EXECUTE FUNCTION plan_version_line_guard()",
    f"CREATE TRIGGER plan_version_kept BEFORE UPDATE ON {_VERSION} FOR EACH ROW EXECUTE FUNCTION plan_version_guard()",
    f"CREATE TRIGGER plan_version_stays BEFORE DELETE ON {_VERSION} "
    "FOR EACH ROW EXECUTE FUNCTION plan_version_refuse()",
    f"CREATE TRIGGER plan_change_kept BEFORE UPDATE OR DELETE ON {_CHANGE} "
    "FOR EACH ROW EXECUTE FUNCTION plan_version_refuse()",
    *(
        f"CREATE TRIGGER {name} BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION plan_version_refuse()"
        for name, table in (
            ("plan_version_not_emptied", _VERSION), ("plan_version_line_not_emptied", _LINE),
            ("plan_change_not_emptied", _CHANGE),
        )
    ),
)  # fmt: skip

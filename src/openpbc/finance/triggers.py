"""The database's own guard of the ledger: rows are only added, journals add up to nought, no account is overdrawn.

Lines come first and the journal's row last. A line must follow the last of its account and may not join a journal that
is posted; a journal must find its lines there, adding up to nought, on accounts of its own place and year. Lines whose
journal never comes cannot be committed: their foreign key is checked at the commit.
"""

from __future__ import annotations

from openpbc.finance.rules.ledger import INNOVATION, INNOVATION_KINDS
from openpbc.finance.rules.year_end import CARRY_FORWARD

_LINE, _JOURNAL, _ACCOUNT = "finance_ledgerline", "finance_ledgerjournal", "finance_ledgeraccount"
_TABLES = {"line": _LINE, "journal": _JOURNAL, "account": _ACCOUNT}

# What refuses a new line, each with its sentence; NEW is the line.
_LINE_FAULTS = (
    (
        f"NEW.number <> coalesce((SELECT max(number) FROM {_LINE} WHERE account_id = NEW.account_id), 0) + 1",
        "a line must follow the last line of its account",
    ),
    (
        "NEW.balance_after <> NEW.amount + coalesce("
        f"(SELECT balance_after FROM {_LINE} WHERE account_id = NEW.account_id AND number = NEW.number - 1), 0)",
        "a line must carry on the balance of its account",
    ),
    (
        "NEW.balance_after < 0 AND NOT coalesce("
        f"(SELECT may_go_below FROM {_ACCOUNT} WHERE id = NEW.account_id), false)",
        "an account may not go below nought",
    ),
    (
        f"EXISTS (SELECT 1 FROM {_JOURNAL} WHERE id = NEW.journal_id)",
        "a journal that is posted takes no more lines",
    ),
    (f"EXISTS (SELECT 1 FROM {_LINE} WHERE id = NEW.id)", "a line of the ledger cannot be replaced"),
)
# What refuses the posting of a journal; NEW is the journal.
_OWN_LINES = f"FROM {_LINE} WHERE journal_id = NEW.id"
_JOURNAL_FAULTS = (
    (f"(SELECT count(*) {_OWN_LINES}) < 2", "a journal has at least two lines"),
    (f"(SELECT count(*) {_OWN_LINES}) <> NEW.lines", "a journal says how many lines it has"),
    (f"(SELECT max(position) {_OWN_LINES}) <> NEW.lines", "the lines of a journal are numbered without a gap"),
    (f"(SELECT sum(amount) {_OWN_LINES}) <> 0", "the lines of a journal add up to nought"),
    (
        "NEW.number <> 1 + coalesce("
        f"(SELECT max(number) FROM {_JOURNAL} WHERE place = NEW.place AND year = NEW.year), 0)",
        "a journal must follow the last one",
    ),
    (
        "NEW.id <> NEW.place || '/' || NEW.year || '/' || NEW.number",
        "a journal is named by place, year and number",
    ),
    (
        f"EXISTS (SELECT 1 FROM {_LINE} AS line JOIN {_ACCOUNT} AS account ON account.id = line.account_id "
        "WHERE line.journal_id = NEW.id AND (account.place <> NEW.place OR account.year <> NEW.year))",
        "a journal stays in its place and year",
    ),
    (
        f"NEW.kind NOT IN ({', '.join(repr(kind) for kind in sorted(INNOVATION_KINDS))}) AND EXISTS ("
        f"SELECT 1 FROM {_LINE} AS line JOIN {_ACCOUNT} AS account ON account.id = line.account_id "
        f"WHERE line.journal_id = NEW.id AND account.kind = '{INNOVATION}')",
        "the innovation fund is ring-fenced",
    ),
    (
        f"NEW.reverses_id IS NOT NULL AND EXISTS (SELECT account_id, amount {_OWN_LINES} "
        f"EXCEPT SELECT account_id, -amount FROM {_LINE} WHERE journal_id = NEW.reverses_id)",
        "a reversal is the opposite of its journal",
    ),
    (
        f"NEW.reverses_id IS NOT NULL AND NEW.lines <> (SELECT lines FROM {_JOURNAL} WHERE id = NEW.reverses_id)",
        "a reversal has the lines of its journal",
    ),
    (
        # Only a carry-forward has a journal of another year that names it as its source.
        f"NEW.reverses_id IS NOT NULL AND EXISTS (SELECT 1 FROM {_JOURNAL} AS closing JOIN {_JOURNAL} AS opening "
        "ON opening.place = closing.place AND opening.source = 'ledger/' || closing.id "
        f"AND opening.kind = '{CARRY_FORWARD}' WHERE closing.id = NEW.reverses_id "
        f"AND closing.kind = '{CARRY_FORWARD}' "
        f"AND NOT EXISTS (SELECT 1 FROM {_JOURNAL} AS undone WHERE undone.reverses_id = opening.id))",
        "what a year carried is taken back from the next year first",
    ),
    (
        f"NEW.key <> '' AND EXISTS (SELECT 1 FROM {_JOURNAL} "
        "WHERE place = NEW.place AND year = NEW.year AND key = NEW.key)",
        "a key posts one journal",
    ),
)
_ACCOUNT_FAULTS = (
    (
        f"EXISTS (SELECT 1 FROM {_ACCOUNT} WHERE id = NEW.id "
        "OR (place = NEW.place AND year = NEW.year AND code = NEW.code))",
        "an account is opened once",
    ),
)
_FAULTS = {"line": _LINE_FAULTS, "journal": _JOURNAL_FAULTS, "account": _ACCOUNT_FAULTS}


def _sqlite_insert(name: str) -> str:
    table = _TABLES[name]
    checks = "\n".join(f"SELECT raise(ABORT, '{said}') WHERE {fault};" for fault, said in _FAULTS[name])
    return f"CREATE TRIGGER ledger_{name}_follows BEFORE INSERT ON {table} BEGIN {checks} END"


def _sqlite_refusal(name: str, event: str) -> str:
    return (
        f"CREATE TRIGGER ledger_{name}_kept_{event.lower()} BEFORE {event} ON {_TABLES[name]} "
        "BEGIN SELECT raise(ABORT, 'rows of the ledger are only added'); END"
    )


SQLITE = (
    *(_sqlite_insert(name) for name in _TABLES),
    *(_sqlite_refusal(name, event) for name in _TABLES for event in ("UPDATE", "DELETE")),
)


def _postgresql_insert(name: str) -> tuple[str, str]:
    checks = "\n".join(
        f"IF {fault} THEN RAISE EXCEPTION '{said}' USING ERRCODE = 'restrict_violation'; END IF;"
        for fault, said in _FAULTS[name]
    )
    return (
        f"CREATE FUNCTION ledger_{name}_follows() RETURNS trigger LANGUAGE plpgsql AS $$\nBEGIN\n{checks}\n"
        "RETURN NEW;\nEND $$",
        f"CREATE TRIGGER ledger_{name}_follows BEFORE INSERT ON {_TABLES[name]} "
        f"FOR EACH ROW EXECUTE FUNCTION ledger_{name}_follows()",
    )


def again(vendor: str, name: str) -> tuple[str, ...]:
    """Give what puts a table's guard of new rows anew, after one of its refusals was added or changed."""
    if vendor == "sqlite":
        return f"DROP TRIGGER ledger_{name}_follows", _sqlite_insert(name)
    return (_postgresql_insert(name)[0].replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION", 1),)


def _postgresql_refusal(name: str) -> tuple[str, str]:
    refuse = "EXECUTE FUNCTION ledger_refuse()"
    return (
        f"CREATE TRIGGER ledger_{name}_kept BEFORE UPDATE OR DELETE ON {_TABLES[name]} FOR EACH ROW {refuse}",
        f"CREATE TRIGGER ledger_{name}_not_emptied BEFORE TRUNCATE ON {_TABLES[name]} FOR EACH STATEMENT {refuse}",
    )


POSTGRESQL = (
    """
    CREATE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      RAISE EXCEPTION 'rows of the ledger are only added: % is not allowed on %', TG_OP, TG_TABLE_NAME
      USING ERRCODE = 'restrict_violation';
    END $$
    """,
    *(statement for name in _TABLES for statement in _postgresql_insert(name)),
    *(statement for name in _TABLES for statement in _postgresql_refusal(name)),
    # A line of another transaction could slip in between the posting and its commit: looked at again at the end.
    f"""
    CREATE FUNCTION ledger_line_belongs() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF NEW.position > (SELECT lines FROM {_JOURNAL} WHERE id = NEW.journal_id) THEN
        RAISE EXCEPTION 'a journal that is posted takes no more lines' USING ERRCODE = 'restrict_violation';
      END IF;
      RETURN NULL;
    END $$
    """,
    f"CREATE CONSTRAINT TRIGGER ledger_line_belongs AFTER INSERT ON {_LINE} "
    "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_line_belongs()",
)

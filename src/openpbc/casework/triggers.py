"""The database's own guard of diagrams and of the list of versions: both are only added to."""

from __future__ import annotations

TABLES = ("casework_definition", "casework_inforce")

SQLITE = tuple(
    f"CREATE TRIGGER {table}_{what} BEFORE {event} ON {table} "
    f"BEGIN SELECT raise(ABORT, 'a stored diagram cannot be {what}'); END"
    for table in TABLES
    for event, what in (("UPDATE", "changed"), ("DELETE", "removed"))
)

POSTGRESQL = (
    """
    CREATE FUNCTION casework_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION '% is not allowed on %', TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END $$
    """,
    *(
        f"CREATE TRIGGER {table}_{what} BEFORE {event} ON {table} FOR EACH {each} EXECUTE FUNCTION casework_refuse()"
        for table in TABLES
        for event, what, each in (("UPDATE OR DELETE", "kept", "ROW"), ("TRUNCATE", "not_emptied", "STATEMENT"))
    ),
)

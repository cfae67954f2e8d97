"""Who decides what: bodies, and the record of their decisions."""

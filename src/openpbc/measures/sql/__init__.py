"""Statements that tell the facts of every record; the law for one record is ``rules.facts``."""

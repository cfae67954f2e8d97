"""Columns at scale: sessions, landed files, immutable runs. Knows no capability."""

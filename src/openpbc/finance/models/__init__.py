"""What finance remembers, a file a noun; private to the room."""

from openpbc.finance.models.ledger import LedgerAccount, LedgerJournal, LedgerLine

__all__ = ["LedgerAccount", "LedgerJournal", "LedgerLine"]

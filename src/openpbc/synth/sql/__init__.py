"""Statements that make a whole county's records at once; every draw is a hash of the seed and the record's own key."""

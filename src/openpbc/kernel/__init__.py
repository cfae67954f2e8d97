"""Ground: money, periods, codes, citations, findings and steps, with the standard library only."""

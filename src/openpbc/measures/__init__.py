"""How well care is given: measures over published months, peers and the best quarter, waits, returns, coding shifts."""

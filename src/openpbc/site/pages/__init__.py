"""Pages that belong to no room: home, "explain this number", the rulebook, and the furniture around every page."""

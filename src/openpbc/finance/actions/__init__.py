"""Every write of the room, a file a noun."""

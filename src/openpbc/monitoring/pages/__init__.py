"""What people see of the room: the year's months, one month, and how a unit or a practice stands."""

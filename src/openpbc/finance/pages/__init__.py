"""What people see of the room: allocation and plan, fair shares with a what-if, need shares, and the checks."""

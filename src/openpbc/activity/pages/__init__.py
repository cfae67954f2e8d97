"""What people see of the room: files received, and what was found in them."""

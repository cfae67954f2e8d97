"""What people see, a file a noun."""

"""What people see of cases and registers."""

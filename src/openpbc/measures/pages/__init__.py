"""What people see of measures."""

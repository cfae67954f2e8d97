"""What counts, how far one is from the plan, and where the year will end: decided without storage or clock."""

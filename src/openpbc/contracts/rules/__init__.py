"""What is right in a contract's papers, decided without storage or clock."""

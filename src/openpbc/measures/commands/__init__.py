"""The room from the shell."""

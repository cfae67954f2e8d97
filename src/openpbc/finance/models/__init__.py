"""What finance remembers, a file a noun; private to the room."""

"""What is right in the room, a file a noun; each imports the kernel alone."""

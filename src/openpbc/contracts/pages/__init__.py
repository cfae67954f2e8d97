"""The room's pages, a file a noun."""

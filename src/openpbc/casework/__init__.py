"""Executable processes: diagrams and decision tables that people can read, and the cases that run along them."""

"""Statements over the published runs."""

"""Closes the month: plan against actual, budget positions, forecasts, and the way from any figure to its records."""

"""Contracts: one register entry a provider, its terms and local prices, and its activity plan in versions."""

"""Inventory: what is known of the tenant at one moment, as values and columns."""

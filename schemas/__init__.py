"""The published JSON Schema of policy files, and what writes it."""

"""Telemetry: what the jobs tell of themselves, as metrics and pieces of work."""

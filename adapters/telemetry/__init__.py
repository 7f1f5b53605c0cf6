"""Telemetry through OpenTelemetry: to Application Insights, and on one machine to an OTLP receiver.

Nothing here is imported before a first piece of work tells of itself; see adapters/lazily.py.
"""

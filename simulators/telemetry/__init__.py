"""Receivers of telemetry: OTLP over HTTP, and Application Insights' ingestion endpoint.

`python -m simulators.telemetry` keeps and shows what it is sent; docs/telemetry.md.
"""

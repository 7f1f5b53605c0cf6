"""Alerts and panels, run: Kusto's language on tables of what the app sends.

Source of the tables and columns: Azure Monitor docs, Application Insights telemetry data model.
"""

import json
from collections.abc import Iterable
from typing import Any

import duckdb
import duckdb_kql

from tests.contract.insights import Envelope

_TABLES = """
CREATE TABLE customMetrics (
    timestamp TIMESTAMP, name VARCHAR, value DOUBLE, valueCount INTEGER, valueSum DOUBLE,
    valueMin DOUBLE, valueMax DOUBLE, customDimensions JSON, cloud_RoleInstance VARCHAR);
CREATE TABLE traces (
    timestamp TIMESTAMP, message VARCHAR, severityLevel INTEGER, customDimensions JSON,
    operation_Id VARCHAR, cloud_RoleInstance VARCHAR);
CREATE TABLE dependencies (
    timestamp TIMESTAMP, name VARCHAR, type VARCHAR, success BOOLEAN, duration DOUBLE,
    customDimensions JSON, operation_Id VARCHAR, cloud_RoleInstance VARCHAR);
CREATE TABLE requests (
    timestamp TIMESTAMP, name VARCHAR, success BOOLEAN, duration DOUBLE, operation_Id VARCHAR);
"""


class Insights:
    """Application Insights' tables, filled with envelopes as they were sent."""

    def __init__(self, envelopes: Iterable[Envelope], requests: Iterable[tuple[str, bool]]) -> None:
        self._tables: duckdb.DuckDBPyConnection = duckdb_kql.connect()
        self._tables.execute(_TABLES)
        for envelope in envelopes:
            self._take(envelope)
        for name, success in requests:
            row = ["2026-11-30T12:00:00", name, success, 12.0, "0" * 32]
            self._insert("requests", row)

    def ask(self, query: str) -> list[dict[str, Any]]:
        """Return the rows of a query; one that asks for what there is not raises."""
        found = duckdb_kql.query(self._tables, query)
        return [dict(zip(found.columns, row, strict=True)) for row in found.fetchall()]

    def _take(self, envelope: Envelope) -> None:
        time, tags = envelope["time"].rstrip("Z"), envelope["tags"]
        data = envelope["data"]["baseData"]
        about, here = json.dumps(data["properties"]), tags["ai.cloud.roleInstance"]
        trace = tags.get("ai.operation.id", "")
        match envelope["data"]["baseType"]:
            case "MetricData":
                (one,) = data["metrics"]
                value, count = one["value"], one["count"]
                least, most = one.get("min", value), one.get("max", value)
                row = [time, one["name"], value, count, value, least, most, about, here]
                self._insert("customMetrics", row)
            case "MessageData":
                level = data["severityLevel"]
                self._insert("traces", [time, data["message"], level, about, trace, here])
            case "RemoteDependencyData":
                row = [time, data["name"], data["type"], data["success"], 1.0, about, trace, here]
                self._insert("dependencies", row)
            case other:
                raise AssertionError(f"{other} is no kind of telemetry that is known here")

    def _insert(self, table: str, row: list[Any]) -> None:
        self._tables.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * len(row))})", row)

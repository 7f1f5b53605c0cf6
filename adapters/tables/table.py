"""One table: reads by key and by prefix, and entity group transactions.

The service allows 100 operations and 4 MiB in one transaction, and the SDK does not check either,
so this module does. A table is created when it is first written to.

Source: Azure Tables docs, performing entity group transactions; understanding the table service
data model (characters that keys must not have).
"""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from azure.core import MatchConditions
from azure.core.exceptions import HttpResponseError, ResourceExistsError, ResourceNotFoundError
from azure.data.tables import TableEntity, UpdateMode
from azure.data.tables.aio import TableClient

from adapters.storage_errors import TABLE_ROLE, storage_errors

MAX_OPERATIONS = 100
MAX_BYTES = 4 * 1024 * 1024
MAX_TEXT = 32_000
"""UTF-16 units in one string property: 64 KiB, less a little."""

type Entity = Mapping[str, Any]
type How = Literal["insert", "replace", "merge", "put", "remove"]

_SAFE_KEY = re.compile(r"[A-Za-z0-9._:~|@=-]{1,200}")


@dataclass(frozen=True, slots=True)
class Write:
    """One operation of a transaction.

    `insert` wants no such row yet; `replace` and `remove` want the row as it was read (`etag`);
    `merge` and `put` take any row or none, keeping or dropping the properties they do not name.
    """

    how: How
    row: str
    values: Entity
    etag: str = ""


def guarded(row: str, values: Entity, version: str) -> Write:
    """Return the write of a row as it follows the version read, or nothing."""
    if version:
        return Write("replace", row, values, version)
    return Write("insert", row, values)


def key(text: str) -> str:
    """Return text that may be a key: the text itself unless it holds what keys must not."""
    if _SAFE_KEY.fullmatch(text):
        return text
    return "~" + hashlib.sha256(text.encode()).hexdigest()


def clip(text: str, limit: int = 4_000) -> str:
    """Return the text, cut where it is longer than a property should be."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


class Table:
    """A table of the storage account."""

    def __init__(self, client: TableClient) -> None:
        self._client = client

    async def get(self, partition: str, row: str) -> TableEntity | None:
        """Return one row, or None."""
        with storage_errors(TABLE_ROLE):
            try:
                return await self._client.get_entity(key(partition), row)
            except ResourceNotFoundError:
                return None

    async def scan(
        self,
        partition: str,
        prefix: str = "",
        select: Sequence[str] | None = None,
        limit: int | None = None,
    ) -> list[TableEntity]:
        """Return the rows of a partition whose keys begin with the prefix, in order of key."""
        text, parameters = "PartitionKey eq @partition", {"partition": key(partition)}
        if prefix:
            text += " and RowKey ge @first and RowKey lt @after"
            parameters |= {"first": prefix, "after": prefix[:-1] + chr(ord(prefix[-1]) + 1)}
        found: list[TableEntity] = []
        with storage_errors(TABLE_ROLE):
            pages = self._client.query_entities(
                text,
                parameters=parameters,
                select=[*select, "RowKey"] if select else None,
                results_per_page=min(limit or 1000, 1000),
            ).by_page()
            try:
                async for page in pages:
                    found += [entity async for entity in page]
                    if limit is not None and len(found) >= limit:
                        break
            except ResourceNotFoundError:
                return []  # the table was never written to
        return found[:limit]

    async def write(self, partition: str, operations: Sequence[Write]) -> list[str]:
        """Carry out all operations or none; return the rows' ETags in the same order.

        Raises:
            Conflict: a row is not as an operation wants it; nothing was written.
            ValueError: more than a transaction can hold.
        """
        _check(operations)
        requests = [_request(key(partition), operation) for operation in operations]
        with storage_errors(TABLE_ROLE):
            try:
                answers = await self._client.submit_transaction(requests)
            except HttpResponseError as error:
                if "TableNotFound" not in str(getattr(error, "error_code", "")):
                    raise
                await self._create()
                answers = await self._client.submit_transaction(requests)
        return [str(answer.get("etag", "")) for answer in answers]

    async def _create(self) -> None:
        try:
            await self._client.create_table()
        except ResourceExistsError:
            return  # somebody else was as quick


def version_of(entity: TableEntity) -> str:
    """Return the ETag a row was read with."""
    return str(entity.metadata["etag"])


def _request(partition: str, write: Write) -> tuple[str, dict[str, Any], dict[str, Any]]:
    entity = {"PartitionKey": partition, "RowKey": write.row, **write.values}
    matching = {"etag": write.etag, "match_condition": MatchConditions.IfNotModified}
    match write.how:
        case "insert":
            return "create", entity, {}
        case "replace":
            return "update", entity, {"mode": UpdateMode.REPLACE, **matching}
        case "merge" if write.etag:
            return "update", entity, {"mode": UpdateMode.MERGE, **matching}
        case "merge":
            return "upsert", entity, {"mode": UpdateMode.MERGE}
        case "put":
            return "upsert", entity, {"mode": UpdateMode.REPLACE}
        case "remove":
            return "delete", entity, matching


def _check(operations: Sequence[Write]) -> None:
    if not 0 < len(operations) <= MAX_OPERATIONS:
        raise ValueError(f"A transaction holds 1 to {MAX_OPERATIONS} rows, not {len(operations)}.")
    texts = [v for o in operations for v in o.values.values() if isinstance(v, str)]
    if any(_units(text) > MAX_TEXT for text in texts):
        raise ValueError(f"A property holds {MAX_TEXT} characters at most.")
    # Texts travel as JSON; 1,000 bytes more cover a row's keys, names, numbers and headers.
    if sum(len(json.dumps(text)) for text in texts) + 1_000 * len(operations) > MAX_BYTES:
        raise ValueError("A transaction holds 4 MiB at most.")


def _units(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2

"""One table: reads by key and by prefix, and entity group transactions.

A table is created when it is first written to.

Source: Azure Tables docs, performing entity group transactions; understanding the table service
data model (characters that keys must not have).
"""

import asyncio
import hashlib
import re
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from azure.core import MatchConditions
from azure.core.exceptions import HttpResponseError, ResourceExistsError, ResourceNotFoundError
from azure.data.tables import TableEntity, UpdateMode
from azure.data.tables.aio import TableClient

from adapters.storage_errors import TABLE_ROLE, storage_errors
from adapters.tables.limits import check
from domain.errors import Conflict

TRIES = 5
"""Lose a few races for a row before giving up for now."""

type Entity = Mapping[str, Any]
type Request = tuple[
    Literal["create", "update", "upsert", "delete"], dict[str, Any], dict[str, Any]
]
type How = Literal["insert", "replace", "merge", "put", "remove"]

_SAFE_KEY = re.compile(r"[A-Za-z0-9._:~|@=-]{1,200}")
_END_OF_TIME = 10**16
"""In microseconds since 1970: the year 2286."""
_POINT_READS = 50
"""Up to so many rows are read one by one; for more, one scan is cheaper."""
_AT_ONCE = 8
"""Point reads under way at the same time; more would only wait for the SDK's own CPU."""


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


def countdown(at: datetime) -> str:
    """Return the time left until the end of time: the beginning of a key that puts newest first."""
    return f"{_END_OF_TIME - round(at.timestamp() * 1_000_000):016d}"


def clip(text: str, limit: int = 4_000) -> str:
    """Return the text, cut where it is longer than a property should be."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


async def insist(step: Callable[[], Awaitable[None]]) -> None:
    """Read and write again until nobody else is quicker.

    Raises:
        Conflict: somebody else was quicker every time.
    """
    for _ in range(TRIES - 1):
        try:
            return await step()
        except Conflict:
            continue
    return await step()


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

    async def some(self, partition: str, prefix: str, rows: Collection[str]) -> list[TableEntity]:
        """Return those of these rows that exist; all of their keys begin with the prefix."""
        if len(rows) > _POINT_READS:
            everything = await self.scan(partition, prefix)
            return [entity for entity in everything if entity["RowKey"] in rows]
        gate = asyncio.Semaphore(_AT_ONCE)

        async def read(row: str) -> TableEntity | None:
            async with gate:
                return await self.get(partition, row)

        return [entity for entity in await asyncio.gather(*map(read, rows)) if entity]

    async def scan(
        self,
        partition: str,
        prefix: str = "",
        select: Sequence[str] | None = None,
        limit: int | None = None,
        after: str = "",
        among: tuple[str, Collection[str]] | None = None,
    ) -> list[TableEntity]:
        """Return the rows of a partition whose keys begin with the prefix, in order of key.

        Args:
            after: leave out the rows up to this key; it begins with the prefix, too.
            among: a property, and the values of which it must have one.
        """
        text, parameters = "PartitionKey eq @partition", {"partition": key(partition)}
        if prefix:
            begins = "gt" if after else "ge"
            text += f" and RowKey {begins} @first and RowKey lt @end"
            end = prefix[:-1] + chr(ord(prefix[-1]) + 1)
            parameters |= {"first": after or prefix, "end": end}
        if among:
            values = {f"value{number}": value for number, value in enumerate(sorted(among[1]))}
            # The SDK finds parameters between spaces.
            text += f" and ( {' or '.join(f'{among[0]} eq @{name}' for name in values)} )"
            parameters |= values
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
        check(operations)
        requests = [_request(key(partition), operation) for operation in operations]
        with storage_errors(TABLE_ROLE):
            try:
                answers = await self._submit(requests)
            except HttpResponseError as error:
                # The SDK gives the code as such, or only in its text.
                if "TableNotFound" not in f"{getattr(error, 'error_code', '')} {error}":
                    raise
                await self._create()
                answers = await self._submit(requests)
        return [str(answer.get("etag", "")) for answer in answers]

    async def _submit(self, requests: Sequence[Request]) -> Sequence[Mapping[str, Any]]:
        if len(requests) > 1:
            return await self._client.submit_transaction(requests)
        # One alone needs no transaction, whose envelope costs the SDK more than its content.
        [(how, entity, options)] = requests
        match how:
            case "create":
                return [await self._client.create_entity(entity, **options)]
            case "update":
                return [await self._client.update_entity(entity, **options)]
            case "upsert":
                return [await self._client.upsert_entity(entity, **options)]
            case "delete":
                await self._client.delete_entity(entity, **options)
        return [{}]

    async def _create(self) -> None:
        try:
            await self._client.create_table()
        except ResourceExistsError:
            return  # somebody else was as quick


def version_of(entity: TableEntity) -> str:
    """Return the ETag a row was read with."""
    return str(entity.metadata["etag"])


def _request(partition: str, write: Write) -> Request:
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

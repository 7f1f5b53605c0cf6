"""Automatic replies as attributes of people, laid beside the inventoried ones."""

from collections import ChainMap
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np

from domain.attributes import REPLIES, is_reply
from domain.bundle import Bundle
from domain.inventory.people import Column, People, Value
from domain.kinds.out_of_office import OutOfOffice
from domain.tenant_policy import TenantPolicy

GOOD_FOR = timedelta(days=2)
"""What was read longer ago says nothing of who is out of office now."""


def replies_read(bundles: Iterable[Bundle], tenant: TenantPolicy) -> frozenset[str]:
    """Return the attributes of automatic replies that rules of these bundles rest on."""
    named = {name for bundle in bundles for name in bundle.attributes()}
    return frozenset(name for name in tenant.attributes().reads(named) if is_reply(name))


def with_replies(people: People, replies: Iterable[OutOfOffice]) -> People:
    """Return people with these attributes beside their others.

    Nobody knows them of whom nothing was read: hired since, or without a mailbox that was found.
    """
    found = {each.person.encode(): each for each in replies}
    mine = [found.get(id) for id in people.ids.tolist()]
    columns = {
        attribute: Column.of(
            _cell(getattr(each, attribute.partition(".")[2], None)) for each in mine
        )
        for attribute in REPLIES.values()
    }
    unread = np.fromiter((each is None for each in mine), np.bool_, len(mine))
    return replace(
        people,
        columns=ChainMap(columns, people.columns),  # type: ignore[arg-type]
        unknown={**people.unknown, **dict.fromkeys(columns, unread)},
    )


def _cell(value: str | datetime | None) -> Value:
    return f"{value:%Y-%m-%dT%H:%M:%SZ}" if isinstance(value, datetime) else value

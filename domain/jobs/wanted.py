"""Attributes on demand: which of them stored rules want, and what to do where Graph refuses one."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence

from domain.attributes import is_custom, on_demand
from domain.bundle import Bundle
from domain.errors import Forbidden, Never
from domain.inventory.people import Person
from domain.ports import CloseUp, Ports
from domain.tenant_policy import TenantPolicy
from domain.watching.reach import attributes_read


def wanted(bundles: Iterable[Bundle], tenant: TenantPolicy) -> frozenset[str]:
    """Return the attributes that are read beside the usual ones because policy names them."""
    return on_demand(attributes_read(bundles, tenant))


async def tenant_of(ports: Ports) -> TenantPolicy:
    """Return the tenant's policy in force."""
    stored = await ports.bundles.tenant()
    return stored.tenant if stored else TenantPolicy()


async def without_unknown[T](
    ports: Ports, also: frozenset[str], read: Callable[[frozenset[str]], Awaitable[T]]
) -> T:
    """Read with the wanted attributes, or without the custom properties that Graph refuses.

    A property that no app has registered is refused with everything asked for beside it; one
    mistyped rule must stop its own bundle only.
    """
    try:
        return await read(also)
    except Forbidden:
        raise
    except Never as refused:
        custom = {name for name in also if is_custom(name)}
        unknown = {name for name in custom if name in str(refused)} or custom
        if not unknown:
            raise
        ports.log.note("attributes.refused", properties=len(unknown), reason=str(refused))
        return await without_unknown(ports, also - unknown, read)


async def look_at(
    ports: Ports, people: Sequence[str], bundles: Iterable[Bundle]
) -> Mapping[str, CloseUp | None]:
    """Read people afresh with what these bundles' policies want; None for a person who is gone."""
    stored = list(bundles)
    nesting = any(bundle.policy.nested_groups() for bundle in stored)

    async def read(also: frozenset[str]) -> Mapping[str, CloseUp | None]:
        return await ports.directory.close_up(people, also, nesting=nesting)

    also = wanted(stored, await tenant_of(ports))
    return await without_unknown(ports, also, read)


async def persons_at(
    ports: Ports, people: Sequence[str], bundles: Iterable[Bundle]
) -> Mapping[str, Person]:
    """Read people in bulk with what these bundles' rules want, without managers and groups."""

    async def read(also: frozenset[str]) -> Mapping[str, Person]:
        return await ports.directory.persons(people, also)

    return await without_unknown(ports, wanted(bundles, await tenant_of(ports)), read)

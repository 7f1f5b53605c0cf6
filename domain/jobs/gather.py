"""Gather: what the ledger, the stored policy and the controls say now."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from domain.bundle import Bundle
from domain.concurrency import both, each
from domain.decision.known import Known
from domain.errors import Never
from domain.head import Head
from domain.ports import Ports
from domain.terms import Terms


@dataclass(frozen=True, slots=True)
class Ground:
    """What decisions rest on beside the facts, as it stands now."""

    bundles: Sequence[Bundle]
    terms: Terms
    known: dict[str, Known]
    """By bundle; their heads may be changed before they are written."""
    stored: Mapping[str, Head]
    """The heads as they are stored."""


async def ground_of(ports: Ports, bundles: Sequence[Bundle]) -> Ground:
    """Gather what everything is decided on, of these bundles."""
    terms, known = await both(terms_of(ports), know_all(ports, bundles))
    return Ground(bundles, terms, known, {id: one.head for id, one in known.items()})


async def terms_of(ports: Ports) -> Terms:
    """Gather the terms on which everything is decided now."""
    stored, controls = await asyncio.gather(ports.bundles.tenant(), ports.switches.read())
    terms = Terms(controls=controls, mode=ports.mode)
    return replace(terms, tenant=stored.tenant) if stored else terms


async def every_bundle(ports: Ports) -> list[Bundle]:
    """Return every stored bundle."""
    return [stored.bundle for stored in await ports.bundles.all()]


async def chosen(ports: Ports, bundle: str | None) -> list[Bundle]:
    """Return every stored bundle, or the one that is named.

    Raises:
        Never: there is no such bundle.
    """
    stored = await every_bundle(ports)
    found = [one for one in stored if bundle in (None, one.id)]
    if bundle is not None and not found:
        names = ", ".join(one.id for one in stored) or "none"
        raise Never(f"There is no bundle {bundle}.", f"Stored are: {names}.")
    return found


async def know_all(ports: Ports, bundles: Sequence[Bundle]) -> dict[str, Known]:
    """Return what the ledger knows of each bundle, by its id; a few are asked for at once."""

    async def one(bundle: Bundle) -> Known:
        return await know(ports, bundle)

    return {known.bundle.id: known for known in await each(one, bundles)}


async def know(ports: Ports, bundle: Bundle) -> Known:
    """Return what the ledger knows of a bundle, but for single people's pasts."""
    standing = await ports.ledger.standing(bundle.id)
    head = standing.head
    waiting = await ports.ledger.waiting(bundle.id) if head.waiting else {}
    leaving = await ports.ledger.leaving(bundle.id) if head.leaving else {}
    undone = await ports.ledger.undone(bundle.id) if head.undone else {}
    return Known(
        bundle, head, standing.pages, waiting, leaving, undone=undone, number=standing.number
    )

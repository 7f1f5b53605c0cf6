"""Licenses: what is to be set on targets, for people to look at and to say so."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from domain.bundle import Bundle
from domain.decision.fitting import Fitting, agree
from domain.errors import Held, Never
from domain.inventory.snapshot import Snapshot
from domain.jobs.fit import fitting_now, set_fitting
from domain.jobs.gather import chosen, know, terms_of
from domain.jobs.request import request_run
from domain.ports import Ports
from domain.terms import Terms


@dataclass(frozen=True, slots=True)
class Licenses:
    """What is to be set on one target so that it hands out what its bundle says."""

    bundle: str
    target: str
    holders: int
    sentences: tuple[str, ...]
    """What would be set, one product each."""
    held: str
    """Why a person must say so first; empty when it is set by itself."""
    fingerprint: str
    """Of exactly these settings: whoever approves them names it."""


async def licenses(ports: Ports, bundle: str | None = None) -> list[Licenses]:
    """Return what is to be set now on every target, or on that of one bundle, read afresh.

    Raises:
        Never: there is no such bundle, or no inventory yet.
    """
    bundles = await chosen(ports, bundle)
    snapshot = await _now(ports, bundles)
    terms = await terms_of(ports)
    found = [await fitting_now(ports, await know(ports, one), snapshot, terms) for one in bundles]
    return [_shown(each, snapshot) for each in found if each is not None and each.settings]


async def set_licenses(
    ports: Ports, bundle: str, fingerprint: str, by: str, run: str
) -> Licenses | None:
    """Set a target's licenses on a person's word, which is for exactly this fingerprint.

    Returns what was set, or None where there is no such bundle.

    Args:
        run: the id under which everything is inventoried and compiled after it.

    Raises:
        Held: there is nothing to set, something else, or nothing may be written now.
        Never: Graph refuses, with the fix.
        Later: Graph cannot answer now.
    """
    stored = await ports.bundles.get(bundle)
    if stored is None:
        return None
    terms = await terms_of(ports)
    _check_mode(stored.bundle, terms)
    known, snapshot = await know(ports, stored.bundle), await _now(ports, [stored.bundle])
    fitting = await fitting_now(ports, known, snapshot, terms)
    if fitting is None:
        raise Held(f"The target of {bundle} cannot be used. `seatflow status` says why.")
    if not fitting.settings:
        raise Held(f"The target of {bundle} hands out what the bundle says: nothing is to be set.")
    if fitting.fingerprint != fingerprint:
        raise Held(
            f"What is to be set for {bundle} is not what was shown."
            f" Look at it again: `seatflow licenses {bundle}`."
        )
    await set_fitting(ports, fitting, snapshot, run, by)
    shown = _shown(fitting, snapshot)
    agreed = agree(stored.bundle, snapshot.products, known.head.plans)
    await ports.ledger.keep_head(replace(known.head, plans=agreed))
    await request_run(ports, run)
    return shown


async def _now(ports: Ports, bundles: Sequence[Bundle]) -> Snapshot:
    """Return the latest inventory with the targets and products as they are now."""
    snapshot = await ports.warehouse.latest()
    if snapshot is None:
        raise Never("There is no inventory yet.", "`seatflow run` takes one.")
    groups = await ports.directory.find_groups([one.target.group for one in bundles])
    return replace(snapshot, groups=groups, products=await ports.directory.products())


def _check_mode(bundle: Bundle, terms: Terms) -> None:
    pause = terms.controls.pause
    if pause is not None:
        raise Held(f"Paused by {pause.by}: {pause.reason} Nothing is set until someone resumes.")
    if terms.mode_of(bundle) == "dry-run":
        raise Held(f"Bundle {bundle.id} is in a dry run, so nothing is set. Set mode to live.")


def _shown(fitting: Fitting, snapshot: Snapshot) -> Licenses:
    return Licenses(
        fitting.bundle,
        fitting.target,
        fitting.holders,
        fitting.told(snapshot.products),
        fitting.held,
        fitting.fingerprint,
    )

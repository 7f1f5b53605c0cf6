"""Fit: set on each target the licenses its bundle says, and keep them so."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from domain.bundle import Bundle
from domain.chain import Entry, Kind, Line, LineState
from domain.errors import Held, Later, Never, SeatflowError
from domain.fitting import Fitting, agree, fit, settled
from domain.jobs.gather import chosen, know, terms_of
from domain.jobs.request import request_run
from domain.known import Known
from domain.outcome import Applied, Postponed, Refused
from domain.people import no_rows
from domain.ports import Ports
from domain.snapshot import Snapshot
from domain.terms import Terms


async def fit_targets(
    ports: Ports, known: Mapping[str, Known], snapshot: Snapshot, terms: Terms, run: str
) -> tuple[dict[str, Known], Snapshot]:
    """Set what may be set without asking.

    A target that cannot be set keeps nobody of another bundle waiting.

    Returns:
        What is known, with the heads as they are then; and the snapshot with the licenses set.
    """
    after = dict(known)
    for id, each in known.items():
        if terms.controls.pause or terms.mode_of(each.bundle) == "dry-run":
            continue
        try:
            after[id], snapshot = await _fit(ports, each, snapshot, run)
        except SeatflowError as error:
            ports.log.note("fitting.failed", bundle=id, run=run, reason=str(error))
    return after, snapshot


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
    found = [fitting_of(await know(ports, one), snapshot) for one in bundles]
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
    _check_mode(stored.bundle, await terms_of(ports))
    known, snapshot = await know(ports, stored.bundle), await _now(ports, [stored.bundle])
    fitting = fitting_of(known, snapshot)
    if fitting is None:
        raise Held(f"The target of {bundle} cannot be used. `seatflow status` says why.")
    if not fitting.settings:
        raise Held(f"The target of {bundle} hands out what the bundle says: nothing is to be set.")
    if fitting.fingerprint != fingerprint:
        raise Held(
            f"What is to be set for {bundle} is not what was shown."
            f" Look at it again: `seatflow licenses {bundle}`."
        )
    await _set(ports, fitting, run)
    agreed = agree(stored.bundle, snapshot.products, known.head.plans)
    await ports.ledger.keep_head(replace(known.head, plans=agreed))
    shown = _shown(fitting, snapshot)
    line = Line(shown.target, LineState.LICENSED, detail="; ".join(shown.sentences))
    await ports.ledger.note(
        Entry(bundle, Kind.NOTED, ports.clock.now(), (line,), fingerprint=fingerprint, by=by)
    )
    await request_run(ports, run)
    return shown


def fitting_of(known: Known, snapshot: Snapshot) -> Fitting | None:
    """Return what differs at one bundle's target; None where the target cannot be used."""
    target = snapshot.groups.get(known.bundle.target.group)
    if target is None or target.unfit_as_target():
        return None
    holders = len(snapshot.memberships.people.get(target.id, no_rows()))
    return fit(known.bundle, target, snapshot.products, known.head.plans, holders)


async def _fit(ports: Ports, known: Known, snapshot: Snapshot, run: str) -> tuple[Known, Snapshot]:
    fitting = fitting_of(known, snapshot)
    if fitting is not None and fitting.settings and not fitting.held:
        # The inventory may be from before it was set, and nothing is set on old facts.
        target = known.bundle.target.group
        groups = {**snapshot.groups, **await ports.directory.find_groups([target])}
        snapshot = replace(snapshot, groups=groups)
        fitting = fitting_of(known, snapshot)
        if fitting is not None and fitting.settings and not fitting.held:
            await _set(ports, fitting, run)
            group = groups[target]
            groups[target] = replace(group, licenses={**group.licenses, **fitting.licenses})
    if fitting is None:
        return known, snapshot
    agreed = settled(fitting, agree(known.bundle, snapshot.products, known.head.plans))
    if agreed != known.head.plans:
        head = await ports.ledger.keep_head(replace(known.head, plans=agreed))
        known = replace(known, head=head)
    return known, snapshot


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


async def _set(ports: Ports, fitting: Fitting, run: str) -> None:
    outcome = await ports.targets.license(fitting.target, fitting.licenses)
    match outcome:
        case Applied():
            ports.log.note(
                "fitting.set", bundle=fitting.bundle, run=run, products=len(fitting.settings)
            )
        case Postponed(after, reason):
            raise Later(reason, after)
        case Refused(reason, fix):
            raise Never(reason, fix)

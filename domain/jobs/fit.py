"""Fit: set on each target the licenses its bundle says, and keep them so."""

from collections.abc import Mapping
from dataclasses import replace

from domain.chain import Entry, Kind, Line, LineState
from domain.decision.fitting import Fitting, agree, fit, settled, within
from domain.decision.known import Known
from domain.errors import Later, Never, SeatflowError
from domain.inventory.people import no_rows
from domain.inventory.snapshot import Snapshot
from domain.outcome import Applied, Postponed, Refused
from domain.ports import Ports
from domain.terms import Terms


async def fit_targets(
    ports: Ports, known: Mapping[str, Known], snapshot: Snapshot, terms: Terms, run: str
) -> tuple[dict[str, Known], Snapshot]:
    """Set what may be set without asking.

    A target that cannot be set keeps nobody of another bundle waiting.

    Returns:
        What is known, with the heads as they are to be written; and the snapshot with the licenses
        set.
    """
    after = dict(known)
    for id, each in known.items():
        if terms.controls.pause or terms.mode_of(each.bundle) == "dry-run":
            continue
        try:
            after[id], snapshot = await _fit(ports, each, snapshot, terms, run)
        except SeatflowError as error:
            ports.log.note("fitting.failed", bundle=id, run=run, reason=str(error))
    return after, snapshot


def fitting_of(known: Known, snapshot: Snapshot, terms: Terms, members: int = 0) -> Fitting | None:
    """Return what differs at one bundle's target; None where the target cannot be used.

    Args:
        members: of the target, where they were counted since the inventory; the more counts.
    """
    target = snapshot.groups.get(known.bundle.target.group)
    if target is None or target.unfit_as_target():
        return None
    holders = max(members, len(snapshot.memberships.people.get(target.id, no_rows())))
    found = fit(known.bundle, target, snapshot.products, known.head.plans, holders)
    return within(found, terms.tenant.limits, len(snapshot.people))


async def fitting_now(
    ports: Ports, known: Known, snapshot: Snapshot, terms: Terms
) -> Fitting | None:
    """Return likewise, with the members of the target counted afresh where something differs."""
    found = fitting_of(known, snapshot, terms)
    if found is None or not found.settings:
        return found
    return fitting_of(known, snapshot, terms, await ports.directory.count_members(found.target))


async def set_fitting(
    ports: Ports, fitting: Fitting, snapshot: Snapshot, run: str, by: str = ""
) -> None:
    """Set a target's licenses on account of a run; the history is told before.

    Args:
        by: who said so, where a person did.

    Raises:
        Never: Graph refuses, with the fix.
        Later: Graph cannot answer now.
    """
    detail = "; ".join(fitting.told(snapshot.products))
    line = Line(fitting.target, LineState.LICENSED, detail=detail)
    entry = Entry(fitting.bundle, Kind.NOTED, ports.clock.now(), (line,), run=run, cause=run, by=by)
    await ports.ledger.note(replace(entry, fingerprint=fitting.fingerprint))
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


async def _fit(
    ports: Ports, known: Known, snapshot: Snapshot, terms: Terms, run: str
) -> tuple[Known, Snapshot]:
    fitting = fitting_of(known, snapshot, terms)
    if fitting is not None and fitting.settings and not fitting.held:
        # The inventory may be from before it was set, and nothing is set on old facts.
        target = known.bundle.target.group
        groups = {**snapshot.groups, **await ports.directory.find_groups([target])}
        snapshot = replace(snapshot, groups=groups)
        fitting = await fitting_now(ports, known, snapshot, terms)
        paused = (await ports.switches.read()).pause is not None
        if fitting is not None and fitting.settings and not fitting.held and not paused:
            await set_fitting(ports, fitting, snapshot, run)
            group = groups[target]
            groups[target] = replace(group, licenses={**group.licenses, **fitting.licenses})
    if fitting is None:
        return known, snapshot
    agreed = settled(fitting, agree(known.bundle, snapshot.products, known.head.plans))
    if agreed != known.head.plans:
        known = replace(known, head=replace(known.head, plans=agreed))
    return known, snapshot

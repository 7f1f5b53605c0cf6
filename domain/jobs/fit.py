"""Fit: set on each target the licenses its bundle says, and keep them so."""

from collections.abc import Mapping
from dataclasses import replace

from domain.errors import Held, Later, Never, SeatflowError
from domain.fitting import Fitting, agree, fit, settled
from domain.jobs.gather import know
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


async def fittings(ports: Ports, bundle: str | None = None) -> list[Fitting]:
    """Return what differs between targets and their bundles, by the latest inventory."""
    snapshot = await ports.warehouse.latest()
    if snapshot is None:
        return []
    stored = [one.bundle for one in await ports.bundles.all() if bundle in (None, one.bundle.id)]
    found = [fitting_of(await know(ports, one), snapshot) for one in stored]
    return [each for each in found if each is not None and each.settings]


async def approve_fitting(ports: Ports, bundle: str, fingerprint: str, by: str) -> Fitting | None:
    """Set a target's licenses on a person's word, which is for exactly this fingerprint.

    Returns None where there is no such bundle.

    Raises:
        Held: there is nothing to set, something else, or nothing may be written now.
        Never: Graph refuses, with the fix.
        Later: Graph cannot answer now.
    """
    stored, snapshot = await ports.bundles.get(bundle), await ports.warehouse.latest()
    if stored is None:
        return None
    known = await know(ports, stored.bundle)
    fitting = await _afresh(ports, known, snapshot) if snapshot else None
    if snapshot is None or fitting is None or not fitting.settings:
        raise Held(f"The target of {bundle} hands out what the bundle says: nothing is to be set.")
    if fitting.fingerprint != fingerprint:
        raise Held(f"What is to be set for {bundle} is not what was shown. Look at it again.")
    await _set(ports, fitting, by)
    agreed = agree(stored.bundle, snapshot.products, known.head.plans)
    await ports.ledger.keep_head(replace(known.head, plans=agreed))
    return fitting


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


async def _afresh(ports: Ports, known: Known, snapshot: Snapshot) -> Fitting | None:
    groups = await ports.directory.find_groups([known.bundle.target.group])
    products = await ports.directory.products()
    return fitting_of(known, replace(snapshot, groups=groups, products=products))


async def _set(ports: Ports, fitting: Fitting, by: str) -> None:
    outcome = await ports.targets.license(fitting.target, fitting.licenses)
    match outcome:
        case Applied():
            ports.log.note(
                "fitting.set", bundle=fitting.bundle, by=by, products=len(fitting.settings)
            )
        case Postponed(after, reason):
            raise Later(reason, after)
        case Refused(reason, fix):
            raise Never(reason, fix)

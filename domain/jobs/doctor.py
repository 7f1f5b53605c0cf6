"""Doctor: look at everything the app rests on, and say what is wrong before it fails."""

import asyncio
from collections.abc import Awaitable, Sequence
from dataclasses import replace

from domain.doctor import Diagnosis, Observation, Severity, Subject, error, fine, note, warning
from domain.errors import Later, SeatflowError
from domain.ports import Check, Ports
from domain.records import StoredBundle

PAGE = "docs/bundles.md"
OLD = 3600.0
"""Seconds after which an inventory is called old; timers take one every few minutes."""


async def doctor(ports: Ports) -> Diagnosis:
    """Look at everything, all at once; what cannot be looked at is a finding itself."""
    bundles, unread = await _bundles(ports)
    targets = sorted({stored.bundle.target.group for stored in bundles})
    subject = Subject(targets, ports.features)
    looked = await asyncio.gather(*(_look(check, subject) for check in ports.checks.all()))
    groups = await _said(_groups(ports, bundles), "groups", PAGE)
    age = await _said(_inventory(ports), "inventory", "docs/architecture.md")
    findings = tuple(each for some in (*looked, unread, groups, age) for each in some)
    return Diagnosis(all(each.level is not Severity.ERROR for each in findings), findings)


async def _bundles(ports: Ports) -> tuple[list[StoredBundle], list[Observation]]:
    try:
        return await ports.bundles.all(), []
    except SeatflowError as problem:
        return [], _named([_of(problem)], "bundles", PAGE)


async def _look(check: Check, subject: Subject) -> list[Observation]:
    return await _said(check.look(subject), check.name, check.page)


async def _said(work: Awaitable[Sequence[Observation]], check: str, page: str) -> list[Observation]:
    try:
        findings = await work
    except SeatflowError as problem:
        findings = [_of(problem)]
    return _named(findings, check, page)


def _of(problem: SeatflowError) -> Observation:
    if isinstance(problem, Later):
        return error(f"{problem} Try again later; if it stays so, look at what is named.")
    return error(str(problem))


def _named(findings: Sequence[Observation], check: str, page: str) -> list[Observation]:
    return [replace(each, check=check, page=page) for each in findings]


async def _groups(ports: Ports, bundles: Sequence[StoredBundle]) -> list[Observation]:
    if not bundles:
        return [note("No bundle is stored yet: write one, and push it with seatflow push.")]
    wanted = {stored.bundle.target.group for stored in bundles}
    found = await ports.directory.find_groups(wanted)
    findings: list[Observation] = []
    for stored in bundles:
        group = found.get(stored.bundle.target.group)
        if group is None:
            gone = f"Target group {stored.bundle.target.group} is not in the directory."
            findings.append(error(f"{stored.bundle.id}: {gone} Name one that is."))
        elif unfit := group.unfit_as_target():
            findings.append(error(f"{stored.bundle.id}: {unfit}"))
        elif missing := [sku for sku in stored.bundle.skus() if sku not in group.licenses]:
            lacks = f"Target group {group.name} ({group.id}) does not carry {', '.join(missing)}."
            findings.append(
                warning(f"{stored.bundle.id}: {lacks} See seatflow licenses {stored.bundle.id}.")
            )
    return findings or [fine(f"All {len(bundles)} bundles have a target group that fits.")]


async def _inventory(ports: Ports) -> list[Observation]:
    snapshot = await ports.warehouse.latest()
    if snapshot is None:
        return [warning("There is no inventory yet: wait for the timer, or say seatflow run.")]
    age = (ports.clock.now() - snapshot.taken_at).total_seconds()
    if age > OLD:
        return [error(f"The inventory is {age / 60:.0f} minutes old: look why the timer fails.")]
    return [fine(f"The inventory is {age / 60:.0f} minutes old.")]

"""Push policy: validate all of it, against the tenant too where an inventory exists, then store."""

from collections.abc import Mapping
from dataclasses import dataclass

from domain.bundle_text import Candidate, read_files
from domain.errors import BundleError
from domain.jobs.gather import terms_of
from domain.jobs.replies import lay_replies
from domain.jobs.request import request_run
from domain.lint import Finding, lint
from domain.ports import Ports
from domain.records import StoredBundle

PATIENCE = 75.0
"""Seconds to wait for a compile to end: no compile may see half of a push."""


@dataclass(frozen=True, slots=True)
class Pushed:
    """What a push stored."""

    stored: tuple["PushedBundle", ...]
    tenant: int | None
    """Version of the tenant's policy; None before the first."""
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class PushedBundle:
    """One bundle of a push."""

    id: str
    version: int
    changed: bool


@dataclass(frozen=True, slots=True)
class Linted:
    """What lint found."""

    findings: tuple[Finding, ...]


async def lint_files(ports: Ports, files: Mapping[str, str]) -> Linted:
    """Say what is wrong or suspicious about a candidate policy; store nothing."""
    try:
        candidate = read_files(files)
    except BundleError as error:
        return Linted(tuple(_unreadable(problem) for problem in error.problems))
    return Linted(await _findings(ports, candidate, await ports.bundles.all()))


async def push(ports: Ports, files: Mapping[str, str], by: str, run: str) -> Pushed:
    """Store the bundles, and the tenant's policy, in these files; one bad bundle changes nothing.

    Stored bundles that no file names stay as they are. What changed is compiled at once, where
    there is an inventory, so that a mistake that is mended does not go on until the next timer.

    Args:
        run: the id under which the compile runs.

    Raises:
        BundleError: what is wrong, one sentence per problem with its file and line.
        Conflict: someone else stored a version meanwhile.
    """
    candidate = read_files(files)
    async with ports.warehouse.turn(PATIENCE, urgent=True):
        before = await ports.bundles.all()
        findings = await _findings(ports, candidate, before)
        wrong = [f"{each.at}: {each.sentence}" for each in findings if each.level == "error"]
        if wrong:
            raise BundleError(wrong)
        bundles = [placed.bundle for placed in candidate.bundles]
        stored = await ports.bundles.put(bundles, by, ports.clock.now(), candidate.tenant)
        tenant = await ports.bundles.tenant()
    versions = {each.bundle.id: each.version for each in before}
    pushed = tuple(
        PushedBundle(one.bundle.id, one.version, versions.get(one.bundle.id) != one.version)
        for one in stored
    )
    for one in pushed:
        if one.changed:
            ports.log.note("bundle.stored", bundle=one.id, version=one.version)
    changed = any(one.changed for one in pushed) or candidate.tenant is not None
    if changed and await ports.warehouse.latest() is not None:
        await request_run(ports, run, inventory=False)
    return Pushed(pushed, tenant.version if tenant else None, findings)


async def _findings(
    ports: Ports, candidate: Candidate, before: list[StoredBundle]
) -> tuple[Finding, ...]:
    terms = await terms_of(ports)
    stored = [each.bundle for each in before]
    snapshot = await ports.warehouse.latest()
    tenant = candidate.tenant or terms.tenant
    if snapshot is not None:
        pushed = [placed.bundle for placed in candidate.bundles]
        snapshot = await lay_replies(ports, pushed, tenant, snapshot)
    return tuple(lint(candidate, stored, tenant, snapshot, ports.clock.now()))


def _unreadable(problem: str) -> Finding:
    place, _, sentence = problem.partition(": ")
    return Finding("error", place, "unreadable", sentence)


async def store_bundle(
    ports: Ports, bundle: str, text: str, by: str, run: str
) -> StoredBundle | None:
    """Store one bundle, alone in its text.

    Raises:
        BundleError: what is wrong, one sentence per problem with its line.
        Conflict: someone else stored a version meanwhile.
    """
    source = f"{bundle}.yaml"
    candidate = read_files({source: text})
    found = [placed.bundle.id for placed in candidate.bundles]
    if found != [bundle] or candidate.tenant is not None:
        names = ", ".join(found) or "none"
        raise BundleError([f"{source}:1: Expected the bundle {bundle} alone, found {names}."])
    await push(ports, {source: text}, by, run)
    return await ports.bundles.get(bundle)

"""Confirm: close the changes whose effect is seen on the person's own licenses."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from domain.bundle import Bundle
from domain.change import Change
from domain.concurrency import each
from domain.decision.confirmation import ask_again, beside, judge
from domain.decision.paging import row_of
from domain.errors import Conflict, SeatflowError
from domain.jobs.freed import Freed, Keeping, have_looked_at
from domain.jobs.gather import every_bundle, terms_of
from domain.jobs.outcomes import count_rows, note_changes, time_confirmed
from domain.jobs.surplus import Verdicts, take_surplus, without_surplus
from domain.jobs.work import about, work
from domain.ledger import Page, Row, State
from domain.outcome import LicenseState, Refused
from domain.ports import Ports
from domain.telemetry.work import Work

type Licenses = Mapping[str, tuple[LicenseState, ...] | None]


AT_ONCE = 4
"""Bundles; each may ask Graph in as many batches at a time."""


@work(Work.CONFIRM)
async def confirm(ports: Ports) -> None:
    """Look at everyone whose change was applied and not yet seen to have taken effect.

    What cannot be read or written now keeps nothing else open. Who is seen to have what she waited
    for is looked at again, for she may have kept something else until then.
    """
    bundles = await every_bundle(ports)
    keeping = Keeping(ports, bundles)

    async def look(bundle: Bundle) -> Freed:
        return await _look(ports, bundle, keeping)

    await have_looked_at(ports, await each(look, bundles, AT_ONCE))


async def _look(ports: Ports, bundle: Bundle, keeping: Keeping) -> Freed:
    """Close what is seen of one bundle."""
    standing = await ports.ledger.standing(bundle.id)
    waiting = [page for page in standing.pages if page.unconfirmed()]
    freed = Freed(pending=any(page.pending() for page in standing.pages))
    licenses = await _licenses(ports, bundle, waiting) if waiting else {}
    for page in waiting:
        try:
            people = await _confirm(ports, bundle, page, licenses, keeping)
        except Conflict:
            # Someone else moved the page on; the next look finds it as it then is.
            ports.log.note("confirm.conflict", bundle=page.bundle, page=page.id)
        except SeatflowError as error:
            ports.log.note("confirm.failed", bundle=page.bundle, reason=str(error))
        else:
            freed.add(page, people)
    return freed


async def _licenses(ports: Ports, bundle: Bundle, pages: Sequence[Page]) -> Licenses:
    """Return the licenses of everyone on these pages; nobody's where one cannot be read now.

    Whoever is missing is read with her page.
    """
    people = [change.person for page in pages for change in page.unconfirmed()]
    try:
        return await ports.directory.licenses(bundle.target.group, people)
    except SeatflowError as error:
        ports.log.note("confirm.again", bundle=bundle.id, reason=str(error))
        return {}


async def _confirm(
    ports: Ports, bundle: Bundle, page: Page, licenses: Licenses, keeping: Keeping
) -> list[str]:
    """Close what is seen of one page; return the people who are freed by it."""
    people = [change.person for change in page.unconfirmed()]
    if not licenses.keys() >= set(people):
        licenses = await ports.directory.licenses(bundle.target.group, people)
    verdicts = _judged(ports, bundle, page, licenses)
    if verdicts:
        with ports.telemetry.work(Work.CLOSE, page.trace, **about(page)):
            await _conclude(ports, bundle, page, verdicts)
    groups = {
        change.person: beside(change, verdict, licenses[change.person])
        for change, verdict in verdicts.items()
    }
    left = await keeping.until(bundle.id, frozenset().union(*groups.values()))
    return [person for person, inside in groups.items() if inside & left]


async def _conclude(ports: Ports, bundle: Bundle, page: Page, verdicts: Verdicts) -> None:
    asked = False
    if not _blocked(verdicts) and not any(one.surplus for one in verdicts.values()):
        # Nothing is written but what was seen, whatever is paused.
        await _close(ports, page, verdicts, asked=asked)
        return
    terms = await terms_of(ports)
    if terms.controls.pause or terms.mode_of(bundle) == "dry-run":
        verdicts = without_surplus(verdicts)
    else:
        verdicts = await take_surplus(ports, page, verdicts, terms)
        asked = bool(_blocked(verdicts)) and not page.pending()
        asked = asked and ask_again(page, ports.clock.now())
        verdicts = await _asked_again(ports, verdicts) if asked else verdicts
    await _close(ports, page, verdicts, asked=asked)


def _judged(ports: Ports, bundle: Bundle, page: Page, licenses: Licenses) -> Verdicts:
    now = ports.clock.now()
    found = {
        change: judge(change, bundle, licenses[change.person], page, now)
        for change in page.unconfirmed()
    }
    return {change: verdict for change, verdict in found.items() if verdict is not None}


async def _asked_again(ports: Ports, verdicts: Verdicts) -> Verdicts:
    """Ask Entra to look at those again who are blocked, and say where it would not."""
    outcomes = await ports.targets.reprocess([change.person for change in _blocked(verdicts)])
    told = dict(verdicts)
    for change in _blocked(verdicts):
        match outcomes.get(change.person):
            case Refused(reason, fix):
                detail = f"{told[change].detail} Entra could not be asked again: {reason} {fix}"
                told[change] = replace(told[change], detail=detail.strip())
    return told


async def _close(ports: Ports, page: Page, verdicts: Verdicts, *, asked: bool) -> None:
    """Write what ended; whoever is blocked stays open, with a row that says why."""
    now = ports.clock.now()
    blocked = _blocked(verdicts) if asked else []
    ended = [change for change in verdicts if verdicts[change].state is not State.APPLIED]
    rows = [
        row_of(page, change, verdict.state, verdict.detail, now, verdict.error)
        for change in (*ended, *blocked)
        if (verdict := verdicts[change])
    ]
    if not rows:
        return
    if asked:
        page = replace(page, due_at=now, attempt=page.attempt + 1)
    await ports.ledger.record(page.end(change.person for change in ended), rows, at=now)
    _note(ports, page, [row for row in rows if row.state is not State.APPLIED])


def _note(ports: Ports, page: Page, rows: Sequence[Row]) -> None:
    count_rows(ports, rows)
    time_confirmed(ports, page, rows)
    note_changes(ports, rows)


def _blocked(verdicts: Verdicts) -> list[Change]:
    return [change for change, one in verdicts.items() if one.state is State.APPLIED]

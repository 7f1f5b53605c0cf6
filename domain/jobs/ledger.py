"""The history of the ledger for people: whether it is whole, what it tells, who held what."""

from collections import deque
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time

from domain.audit import Check, Noted, read_noted
from domain.chain import Entry, read
from domain.errors import Never
from domain.jobs.names import id_of, names_of
from domain.past import Holders, Holding, Told, told
from domain.ports import Ports

MOST_LINES = 1_000
"""Lines of the history in one answer: the newest ones."""

_LOOKS = 20
"""How often the end is looked at again while entries are being written."""


@dataclass(frozen=True, slots=True)
class Verified:
    """Whether a bundle's history is whole."""

    bundle: str
    entries: int
    hash: str
    """Of the last entry: note it with the number, and any entry up to it that is rewritten later
    is found."""
    breaks: tuple[str, ...]
    """What is wrong, a sentence each; empty where nothing is."""


@dataclass(frozen=True, slots=True)
class History:
    """Lines of the history, in order of bundle and number."""

    lines: tuple[Told, ...]
    left_out: int
    """Older lines that were asked for, too, and are too many to show."""
    names: Mapping[str, str] = field(default_factory=dict)
    """User principal names by id."""


@dataclass(frozen=True, slots=True)
class HeldOn:
    """Who held what at a moment."""

    on: datetime
    holdings: tuple[Holding, ...]
    breaks: tuple[str, ...]
    """Why this cannot be relied on: what is wrong with the history it comes from."""
    names: Mapping[str, str] = field(default_factory=dict)
    """User principal names by id."""


async def verify_ledger(
    ports: Ports, bundle: str | None = None, expect: str | None = None
) -> list[Verified]:
    """Say whether the history of one bundle, or of every bundle, is whole.

    Args:
        expect: a hash, or `NUMBER:HASH`, noted of this bundle before.

    Raises:
        Never: something is expected of no bundle in particular.
    """
    if expect and bundle is None:
        raise Never("A hash was noted of one bundle.", "Name the bundle.")
    noted = read_noted(expect) if expect else None
    return [await _verified(ports, one, noted) for one in await _bundles(ports, bundle)]


async def history(
    ports: Ports,
    bundle: str | None = None,
    person: str | None = None,
    run: str | None = None,
    since: str | None = None,
) -> History:
    """Return what the history tells, of all bundles and people or of some.

    Args:
        person: object id, user principal name or mail address.
        since: a date or moment.

    Raises:
        Never: an entry cannot be read, or nobody has this name.
    """
    who = await id_of(ports, person) if person else None
    bundles = await _bundles(ports, bundle)
    return await tell(ports, bundles, lambda line: who in (None, line.person), run, since)


async def tell(
    ports: Ports,
    bundles: Iterable[str],
    wanted: Callable[[Told], bool],
    run: str | None = None,
    since: str | None = None,
) -> History:
    """Return the newest of the lines that are wanted, and how many older ones there are.

    Raises:
        Never: an entry cannot be read.
    """
    start = moment_of(since, time.min) if since else None
    found: deque[Told] = deque(maxlen=MOST_LINES)
    count = 0
    for one in bundles:
        async for entry in read_entries(ports, one, run, start):
            for line in filter(wanted, told([entry])):
                found.append(line)
                count += 1
    names = await names_of(ports, (line.person for line in found))
    return History(tuple(found), count - len(found), names)


async def held(
    ports: Ports, on: str, bundle: str | None = None, person: str | None = None
) -> HeldOn:
    """Return who held what at a moment, and why; of a date, when the day was over (UTC).

    Raises:
        Never: an entry cannot be read, or nobody has this name.
    """
    who = await id_of(ports, person) if person else None
    moment = moment_of(on, time.max)
    holdings: list[Holding] = []
    breaks: list[str] = []
    for one in await _bundles(ports, bundle):
        holders, check = Holders(moment), Check(one)
        async for sealed in ports.ledger.entries(one):
            check.add(sealed)
            holders.add(read(sealed))
        # The end may move on meanwhile; what is missing there is for `verify_ledger` to say.
        breaks += [f"{one}: {sentence}" for sentence in check.breaks(check.last)]
        holdings += [each for each in holders.held.values() if who in (None, each.person)]
    names = await names_of(ports, {each.person for each in holdings})
    return HeldOn(moment, tuple(holdings), tuple(breaks), names)


async def read_entries(
    ports: Ports, bundle: str, run: str | None = None, since: datetime | None = None
) -> AsyncIterator[Entry]:
    """Yield the entries of a bundle, in order, of one run or since a moment where that is asked.

    Raises:
        Never: an entry cannot be read.
    """
    async for sealed in ports.ledger.entries(bundle):
        entry = read(sealed)
        if run in (None, entry.run) and (since is None or entry.at >= since):
            yield entry


def moment_of(text: str, within_day: time) -> datetime:
    """Return the moment a text names, in UTC where it says nothing else.

    Args:
        text: ISO 8601: a date, or a date and time.
        within_day: the time that a date alone means.

    Raises:
        ValueError: it names none.
    """
    if len(text) == len("2026-11-02"):
        return datetime.combine(date.fromisoformat(text), within_day, UTC)
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


async def _verified(ports: Ports, bundle: str, noted: Noted | None) -> Verified:
    check = Check(bundle, noted)
    for _ in range(_LOOKS):
        async for sealed in ports.ledger.entries(bundle, check.last.number):
            check.add(sealed)
        tail = await ports.ledger.tail(bundle)
        if tail.number == check.last.number:
            break
    return Verified(bundle, check.entries, check.last.hash, check.breaks(tail))


async def _bundles(ports: Ports, bundle: str | None) -> Sequence[str]:
    known = [stored.bundle.id for stored in await ports.bundles.all()]
    if bundle is None:
        return known
    if bundle not in known and (await ports.ledger.tail(bundle)).number == 0:
        raise Never(
            f"There is no bundle {bundle}, and no history of one.",
            f"There are: {', '.join(known) or 'none'}.",
        )
    return [bundle]

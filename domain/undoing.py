"""Undoing a run: its changes are turned round, and stay so until policy has been mended.

What is undone is laid over the policy: to whom it gave is not entitled, from whom it took is. So
everything else is as ever: seats, moves, guards, release and explanation. As soon as policy itself
comes to the same about a person there is nothing left to lay over.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from domain.chain import Entry, Line, LineState
from domain.change import Action
from domain.entitlement import Entitled
from domain.ledger import Row
from domain.people import People

_TURNABLE = (
    LineState.DECIDED,
    LineState.APPLIED,
    LineState.CONFIRMED,
    LineState.FAILED,
    LineState.WAITING,
)


@dataclass(frozen=True, slots=True)
class Undone:
    """One person's change that was turned round."""

    person: str
    since: str
    reason: str
    action: Action
    """What the run did."""
    run: str


@dataclass(frozen=True, slots=True)
class Undoing:
    """What undoing a run comes to in one bundle."""

    bundle: str
    turned: tuple[Undone, ...]
    decided_since: tuple[str, ...]
    """People about whom something else was decided after the run: they are left alone."""


def changes_of(entries: Iterable[Entry], run: str) -> dict[str, Line]:
    """Return the last word of a run on each person whose change was made, or is on its way."""
    last: dict[str, Line] = {}
    for entry in entries:
        for line in entry.lines:
            if entry.run == run and line.action is not None:
                last[line.person] = line
    return {person: line for person, line in last.items() if line.state in _TURNABLE}


def undoing(
    bundle: str,
    changes: Mapping[str, Line],
    rows: Mapping[str, Row],
    run: str,
    told: tuple[str, str],
) -> Undoing:
    """Turn round what still stands of a run.

    Args:
        changes: see `changes_of`.
        rows: the last decision on each of these people, ended or on its way.
        told: since when, and why.
    """
    since, reason = told
    stands = {person for person in changes if person in rows and rows[person].run == run}
    turned = [
        Undone(person, since, reason, changes[person].action or Action.GRANT, run)
        for person in sorted(stands)
    ]
    return Undoing(bundle, tuple(turned), tuple(sorted(changes.keys() - stands)))


def laid_over(
    entitled: Entitled, undone: Mapping[str, Undone], people: People
) -> tuple[Entitled, frozenset[str]]:
    """Return the entitlements with what was undone, and the people for whom policy agrees now."""
    agreed: set[str] = set()
    for reason, each in _by_reason(undone.values()):
        for action in Action:
            some = [one.person for one in each if one.action is action]
            rows = people.rows(some)
            wanted = action is Action.REVOKE
            agrees = entitled.mask[rows] == wanted
            agreed |= set(people.names(rows[agrees]))
            others = people.mask(rows[~agrees])
            entitled = (
                entitled.give(others, reason) if wanted else entitled.supersede(others, reason)
            )
    return entitled, frozenset(agreed)


def _by_reason(undone: Iterable[Undone]) -> list[tuple[str, Sequence[Undone]]]:
    found: dict[str, list[Undone]] = {}
    for each in undone:
        found.setdefault(each.reason, []).append(each)
    return list(found.items())

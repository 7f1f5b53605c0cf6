"""Undoing a run: its changes are turned round, and stay so until policy has been mended.

What is undone is laid over the policy: to whom it gave is not entitled, from whom it took is. So
everything else is as ever: seats, moves, guards, release and explanation. As soon as policy itself
comes to the same about a person there is nothing left to lay over.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from domain.chain import Entry, Line, LineState
from domain.change import Action
from domain.decision.entitlement import Entitled, Reason
from domain.inventory.people import People
from domain.ledger import Row

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
    basis: str = ""
    """What policy said of someone to whom the run's revoke is given back, when this was first
    compiled. When it says something else, or her account was switched, she is left to it again."""


@dataclass(frozen=True, slots=True)
class LaidOver:
    """Entitlements with what was undone, and what follows for that."""

    entitled: Entitled
    agreed: frozenset[str] = frozenset()
    """People who are left to policy again: it comes to the same, or says something new of them."""
    basis: Mapping[str, str] = field(default_factory=dict)
    """What policy says of those of whom that is not kept yet."""


@dataclass(frozen=True, slots=True)
class Undoing:
    """What undoing a run comes to in one bundle."""

    bundle: str
    turned: tuple[Undone, ...]
    decided_since: tuple[str, ...]
    """People who are left alone: something else was decided about them after the run, or the direct
    license they had before was removed, so that they would be left with none."""


def changes_of(entries: Iterable[Entry], run: str) -> dict[str, Line]:
    """Return the last word of a run on each person whose membership it changed, or is changing."""
    last: dict[str, Line] = {}
    asked: set[str] = set()
    for entry in entries:
        for line in entry.lines if entry.run == run else ():
            if line.state == LineState.ASKED:
                asked.add(line.person)
            if line.action is not None and line.state != LineState.SUPERSEDED:
                last[line.person] = line
    return {
        person: line
        for person, line in last.items()
        if line.state in _TURNABLE and person not in asked
    }


def without_direct(entries: Iterable[Entry], run: str) -> frozenset[str]:
    """Return the people from whom a direct license was taken on account of a run."""
    return frozenset(
        line.person
        for entry in entries
        if entry.run == run
        for line in entry.lines
        if line.state == LineState.DIRECT
    )


def undoing(
    bundle: str,
    changes: Mapping[str, Line],
    rows: Mapping[str, Row],
    run: str,
    told: tuple[str, str],
    alone: frozenset[str] = frozenset(),
) -> Undoing:
    """Turn round what still stands of a run.

    Args:
        changes: see `changes_of`.
        rows: the last decision on each of these people, ended or on its way.
        told: since when, and why.
        alone: people to leave alone.
    """
    since, reason = told
    stands = {person for person in changes if person in rows and rows[person].run == run} - alone
    turned = [
        Undone(person, since, reason, changes[person].action or Action.GRANT, run)
        for person in sorted(stands)
    ]
    return Undoing(bundle, tuple(turned), tuple(sorted(changes.keys() - stands)))


def laid_over(
    entitled: Entitled, undone: Mapping[str, Undone], people: People, seen_at: datetime
) -> LaidOver:
    """Lay what was undone over the entitlements.

    Args:
        seen_at: what people were until then shows for sure. What was undone later stands, whatever
            policy says of them: the run may have seen what these facts do not show yet.
    """
    rows = dict(
        zip(people.names(people.rows(list(undone))), people.rows(list(undone)), strict=True)
    )
    agreed, basis = set(), {}
    for person, row in rows.items():
        each = undone[person]
        if datetime.fromisoformat(each.since) > seen_at:
            continue
        revoke = each.action is Action.REVOKE
        said, named = _said(entitled, int(row), people) if revoke else ("", "")
        if bool(entitled.mask[row]) is revoke or each.basis not in ("", said, named):
            agreed.add(person)
        elif said != each.basis:
            basis[person] = said
    standing = [each for person, each in undone.items() if person in rows.keys() - agreed]
    for reason, some in _by_reason(standing):
        for action, lay in ((Action.REVOKE, Entitled.give), (Action.GRANT, Entitled.supersede)):
            concerned = people.rows([one.person for one in some if one.action is action])
            entitled = lay(entitled, people.mask(concerned), Reason(reason, reason))
    return LaidOver(entitled, frozenset(agreed), basis)


def _said(entitled: Entitled, row: int, people: People) -> tuple[str, str]:
    """Return what policy says of a person, without names and with them.

    With names it was kept before; whoever renames something has said nothing of anybody.
    """
    enabled = "enabled" if people.column("accountEnabled")[row] else "disabled"
    excluded = "excluded" if entitled.excluded[row] else "not excluded"
    about = f"{enabled}, {excluded}: "
    return about + entitled.key(row), about + entitled.why(row)


def _by_reason(undone: Iterable[Undone]) -> list[tuple[str, Sequence[Undone]]]:
    found: dict[str, list[Undone]] = {}
    for each in undone:
        found.setdefault(each.reason, []).append(each)
    return list(found.items())

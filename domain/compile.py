"""Compile: turn differences into plans, using what the ledger knows about the people concerned."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from domain.change import Action, Change
from domain.difference import Difference
from domain.entitlement import NOT_NAMED
from domain.guards import guard
from domain.guards.case import Case
from domain.known import Known
from domain.ledger import Wait
from domain.plan import Plan
from domain.seats import Claim, allot
from domain.snapshot import Snapshot


@dataclass(slots=True)
class _Draft:
    """The changes of one bundle while they are being gathered."""

    difference: Difference
    known: Known
    revokes: dict[str, Change] = field(default_factory=dict)
    claims: dict[str, tuple[Claim, str]] = field(default_factory=dict)
    kept: int = 0


def compile_plans(
    differences: Sequence[Difference],
    known: Mapping[str, Known],
    snapshot: Snapshot,
    now: datetime,
) -> list[Plan]:
    """Decide one plan per difference; seats are allotted once over all of them.

    Args:
        known: of every bundle by its id; those without a difference still have seats on their way.
    """
    drafts = [_draft(each, known[each.bundle.id], snapshot, now) for each in differences]
    claims = [claim for draft in drafts for claim, _ in draft.claims.values()]
    waiting = allot(claims, differences, _reserved(differences, known, snapshot), snapshot)
    _make_before_break(drafts, known)
    return [_plan(draft, waiting, snapshot, now) for draft in drafts]


def _draft(difference: Difference, known: Known, snapshot: Snapshot, now: datetime) -> _Draft:
    draft = _Draft(difference, known)
    for row in difference.leaving if known.may_revoke(snapshot) else ():
        person = snapshot.people.id(int(row))
        if not known.ours(person):
            draft.kept += 1
        elif known.due(person, Action.REVOKE, snapshot, now):
            why = difference.entitled.why(int(row))
            reason = "no longer entitled by the policy" if why == NOT_NAMED else why
            draft.revokes[person] = Change(Action.REVOKE, person, reason)
    for row in difference.joining:
        person = snapshot.people.id(int(row))
        if known.due(person, Action.GRANT, snapshot, now):
            wait = known.waiting.get(person)
            since = wait.since if wait else now.isoformat(timespec="seconds")
            bundle = difference.bundle
            claim = Claim(since, person, bundle.id, int(row), bundle.skus())
            draft.claims[person] = claim, difference.entitled.why(int(row))
        elif known.settled(person):
            difference.taken[row] = True
    return draft


def _make_before_break(drafts: Sequence[_Draft], known: Mapping[str, Known]) -> None:
    """Let no one lose a product in one bundle while another is about to give it to her.

    Once that has happened and is confirmed, the next compile revokes.
    """
    gaining: dict[str, set[str]] = {}
    claiming = {draft.known.bundle.id: set(draft.claims) for draft in drafts}
    for each in known.values():
        for sku in each.bundle.skus():
            people = claiming.get(each.bundle.id, set()) | set(each.gaining())
            gaining.setdefault(sku, set()).update(people)
    for draft in drafts:
        for sku in draft.known.bundle.skus():
            for person in gaining[sku] & draft.revokes.keys() - set(draft.known.gaining()):
                del draft.revokes[person]


def _reserved(
    differences: Sequence[Difference], known: Mapping[str, Known], snapshot: Snapshot
) -> dict[str, int]:
    """Count the seats on their way to people whom no difference shows as taking one."""
    compared = {difference.bundle.id for difference in differences}
    reserved: dict[str, int] = {}
    for each in known.values():
        people = each.gaining()
        seen = len(snapshot.people.rows(people)) if each.bundle.id in compared else 0
        for sku in each.bundle.skus():
            reserved[sku] = reserved.get(sku, 0) + len(people) - seen
    return reserved


def _plan(
    draft: _Draft, short: Mapping[tuple[str, str], str], snapshot: Snapshot, now: datetime
) -> Plan:
    difference, head = draft.difference, draft.known.head
    bundle = difference.bundle
    grants = []
    waiting = []
    for person, (claim, reason) in draft.claims.items():
        wanting = short.get((bundle.id, person))
        if wanting is None:
            grants.append(Change(Action.GRANT, person, reason))
        else:
            waiting.append(Wait(person, claim.since, wanting))
    plan = Plan(
        bundle=bundle.id,
        target=bundle.target.group,
        entitled=int(difference.entitled.mask.sum()) if snapshot.whole else head.entitled,
        holders=len(difference.holders) if snapshot.whole else head.holders,
        changes=(*draft.revokes.values(), *grants),
        waiting=tuple(waiting),
        kept=draft.kept,
    )
    return guard(plan, Case(bundle, snapshot, plan.holders, head.revoked_since(now), now))

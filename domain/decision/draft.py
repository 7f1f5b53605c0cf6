"""A draft: the changes of one bundle while they are being gathered, before seats and guards."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property

import numpy as np

from domain.bundle import Bundle
from domain.change import Action, Change
from domain.decision.difference import Difference
from domain.decision.entitlement import NOT_NAMED
from domain.decision.known import Known
from domain.decision.relations import Holding, Relations
from domain.decision.seats import Claim
from domain.inventory.people import Mask
from domain.inventory.snapshot import Snapshot
from domain.ledger import Leave, Wait
from domain.plan import Spared
from domain.terms import Terms

LACKING = 50
"""If more members than this lack the license, and more than a fifth, then that is nobody's own
trouble: the group's licenses were changed just now, and Entra gives them out one after the other.
Then it is asked to look again only at those of whom it has already told an error."""


@dataclass(slots=True)
class Draft:
    """Who of one bundle would be revoked, and who claims it."""

    difference: Difference
    known: Known
    revokes: dict[str, Change] = field(default_factory=dict)
    claims: dict[str, Claim] = field(default_factory=dict)
    settled: set[str] = field(default_factory=set)
    """People granted lately, where the snapshot does not show it yet."""
    waiting: dict[str, Wait] = field(default_factory=dict)
    leaving: dict[str, Leave] = field(default_factory=dict)
    baseless: set[str] = field(default_factory=set)
    """Of those waiting: people to whom the base they lack is not on its way."""
    spared: dict[str, Spared] = field(default_factory=dict)
    later: set[str] = field(default_factory=set)
    """Of those spared: people from whom the bundle goes as soon as something else has been done."""
    undue: set[Action] = field(default_factory=set)
    """What policy asks for and came to nothing lately, so that it is not tried again yet."""
    recalled: dict[str, Spared] = field(default_factory=dict)
    """Revokes on their way that policy does not ask for any more."""
    kept: int = 0
    after: str = ""
    """The add-on that goes before an approved plan."""
    unseen: bool = False
    """Some change is left to the next compile of everything, which sees the whole tenant."""

    @property
    def bundle(self) -> Bundle:
        """The bundle this is about."""
        return self.difference.bundle

    def spare(self, person: str, action: Action, reason: str) -> None:
        """Do not make this change now."""
        (self.revokes if action is Action.REVOKE else self.claims).pop(person, None)
        self.spared[person] = Spared(action, person, reason)

    def put_off(self, person: str, reason: str) -> None:
        """Do not revoke the bundle from a person yet, though it will be."""
        self.spare(person, Action.REVOKE, reason)
        self.later.add(person)

    def wait(self, person: str, reason: str) -> None:
        """Put the person who claims the bundle on its waiting list."""
        claim = self.claims.pop(person)
        self.waiting[person] = Wait(person, claim.since, reason)


HURRIED = 400
"""More than so many who move at once, or who are to be given one bundle, are bulk: if all were
first, none would be."""


@dataclass(frozen=True)
class Scene:
    """Everything that the drafts of one compile are judged by."""

    drafts: Mapping[str, Draft]
    known: Mapping[str, Known]
    """Of every bundle, those without a draft included."""
    snapshot: Snapshot
    terms: Terms
    relations: Relations
    holding: Holding
    now: datetime
    held: frozenset[str] = frozenset()
    """Bundles whose plan would be held."""

    def urgent(self, row: int) -> bool:
        """Tell whether a person waits for what is decided: she holds no license at all yet, or
        something about her, and not about very many, has just moved."""
        few = not self.snapshot.whole and len(self.snapshot.people) <= HURRIED
        return few or not bool(self.licensed[row])

    @cached_property
    def licensed(self) -> Mask:
        """The people who hold any product."""
        mask = np.zeros(len(self.snapshot.people), np.bool_)
        for rows in self.snapshot.people.holding.values():
            mask[rows] = True
        return mask

    def is_dry(self, bundle: str) -> bool:
        """Tell whether a bundle's plans are only shown."""
        return self.terms.mode_of(self.known[bundle].bundle) == "dry-run"

    def counts(self, bundle: str, other: str) -> bool:
        """Tell whether what is decided for one bundle concerns the other: no dry run changes what
        is sent."""
        return self.is_dry(other) or not self.is_dry(bundle)

    def holders(self, bundle: Bundle) -> set[str]:
        """Return the members of a bundle's target whose licenses are active."""
        members = self.snapshot.memberships.people.get(bundle.target.group)
        if members is None:
            return set()
        active = members[self.holding.active(bundle)[members]]
        return {self.snapshot.people.id(int(row)) for row in active}


def draft(difference: Difference, known: Known, snapshot: Snapshot, now: datetime) -> Draft:
    """Gather who leaves and who claims the bundle, as far as the ledger lets them."""
    made = Draft(difference, known)
    leaving, joining = difference.leaving, difference.joining
    leavers = snapshot.people.names(leaving)
    if known.may_revoke(snapshot):
        grace = made.bundle.grace_period()
        for row, person in zip(leaving.tolist(), leavers, strict=True):
            _leave(made, row, person, grace, snapshot, now)
    else:
        made.unseen = any(
            known.ours(person) and known.due(person, Action.REVOKE, snapshot, now)
            for person in leavers
        )
    for row in difference.going.tolist():
        _recall(made, row, snapshot.people.id(row), now)
    many = len(difference.lacking) > max(LACKING, len(difference.holders) // 5)
    people = snapshot.people.names(joining)
    for row, person, rank in zip(joining.tolist(), people, difference.ranks, strict=True):
        if many and row in difference.lacking and not known.again(person, Action.GRANT):
            difference.taken[row] = True  # Entra is at work on the whole group
        else:
            _join(made, row, person, rank, snapshot, now)
    return made


def revoke(made: Draft, person: str, reason: str, snapshot: Snapshot, now: datetime) -> bool:
    """Revoke the bundle from a person, if it is ours to revoke and due."""
    known = made.known
    if not known.may_revoke(snapshot) or not known.ours(person):
        return False
    if not known.due(person, Action.REVOKE, snapshot, now):
        made.undue.add(Action.REVOKE)
        return False
    ours, since = known.only_just_ours(person), known.leaving.get(person)
    made.revokes[person] = Change(
        Action.REVOKE, person, reason, ours=ours, since=since.since if since else ""
    )
    return True


def _join(made: Draft, row: int, person: str, rank: int, snapshot: Snapshot, now: datetime) -> None:
    known, skus = made.known, made.bundle.skus()
    since = known.since(person) or now.isoformat(timespec="seconds")
    if known.due(person, Action.GRANT, snapshot, now):
        if known.may_grant(snapshot):
            inside = row in made.difference.lacking and not known.waits_for_seat(person)
            back = bool(made.difference.taken[row])
            claim = Claim(rank, since, person, known.bundle.id, row, skus, inside=inside, back=back)
            made.claims[person] = claim
        else:
            made.unseen = True
    elif known.without_seat(person):
        made.waiting[person] = Wait(person, since, known.without_seat(person))
    elif known.settled(person) or row in made.difference.lacking:
        made.settled.add(person)
        made.difference.taken[row] = True
    else:
        made.undue.add(Action.GRANT)


def _leave(
    made: Draft, row: int, person: str, grace: timedelta, snapshot: Snapshot, now: datetime
) -> None:
    if not made.known.ours(person):
        made.kept += 1
        return
    entitled = made.difference.entitled
    reason = _why_not(made, row, person)
    if grace and not entitled.superseded(row):
        leave = made.known.leaving.get(person) or Leave(
            person, now.isoformat(timespec="seconds"), reason
        )
        if now - datetime.fromisoformat(leave.since) < grace:
            made.leaving[person] = leave
            return
        reason = f"{reason}; the grace of {made.bundle.grace} is over"
    revoke(made, person, reason, snapshot, now)


def _recall(made: Draft, row: int, person: str, now: datetime) -> None:
    """Take back a revoke on its way that would not be decided now.

    Whoever is entitled again has it taken back by a grant; here it is the bundle that has changed.
    """
    change, written = made.known.going[person]
    if not (change.ours or made.known.stays_ours(person)):
        reason = "the bundle keeps whom Seatflow did not add"
    elif _in_grace(made, row, change.since or written, now):
        reason = f"she is in grace for {made.bundle.grace} from then on"
    else:
        return
    made.recalled[person] = Spared(Action.REVOKE, person, reason)


def _in_grace(made: Draft, row: int, since: str, now: datetime) -> bool:
    grace = made.bundle.grace_period()
    if not grace or made.difference.entitled.superseded(row):
        return False
    return now - datetime.fromisoformat(since) < grace


def _why_not(made: Draft, row: int, person: str) -> str:
    """Say why the person is not entitled, and by what she was when she was granted the bundle."""
    why = made.difference.entitled.why(row)
    if why != NOT_NAMED:
        return why
    last = made.known.row(person)
    was = last.reason if last and last.action is Action.GRANT else ""
    return f"no longer entitled; was: {was}" if was else "no longer entitled by the policy"

"""Entitlements: who should hold a bundle, and which part of the policy says so."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from domain.bundle import Bundle
from domain.errors import Held
from domain.inventory.people import Mask, Rows
from domain.inventory.snapshot import Snapshot
from domain.policy import Exclusion, Policy, Request, SourceGroup
from domain.rule import View, parse_rule

NOT_NAMED = "not entitled by the policy"
AS_SHE_IS = "stays as she is: nobody knows yet whether her mailbox replies by itself"
SECOND = "not the primary account of this person"
_CLAUSE = 160
"""Characters of a clause that a reason shows."""

type Source = tuple["Reason", Mask | Rows]


@dataclass(frozen=True, slots=True)
class Reason:
    """Which part of a policy it is that says something of a person."""

    label: str
    """For people to read."""
    key: str
    """The same without names, which anybody may change."""


@dataclass(frozen=True, slots=True)
class Entitled:
    """For every person of a snapshot: entitled or not, and why."""

    mask: Mask
    sizes: Mapping[str, int]
    """How many people each group has that the policy reads."""
    excluded: Mask
    """Everyone the policy excludes, entitled otherwise or not."""
    _because: NDArray[np.int16]
    _reasons: tuple[Reason, ...]
    _superseded: frozenset[int] = frozenset()
    doubtful: Mask | None = None
    """Those not entitled of whom nobody knows whether they are; None where everyone is known."""

    def why(self, row: int) -> str:
        """Return the reason the person in this row is or is not entitled."""
        return self._reasons[int(self._because[row])].label

    def key(self, row: int) -> str:
        """Return what stays the same of that reason under any name of what it speaks of."""
        return self._reasons[int(self._because[row])].key

    def superseded(self, row: int) -> bool:
        """Tell whether she is not entitled only because she holds a better bundle."""
        return int(self._because[row]) in self._superseded

    def give(self, more: Mask, reason: Reason) -> "Entitled":
        """Return the entitlements with those of more people."""
        because = self._because.copy()
        because[more & ~self.mask] = len(self._reasons)
        return replace(
            self, mask=self.mask | more, _because=because, _reasons=(*self._reasons, reason)
        )

    def supersede(self, better: Mask, reason: Reason) -> "Entitled":
        """Return the entitlements without those of people who hold a better bundle."""
        code = len(self._reasons)
        because = self._because.copy()
        because[better & self.mask] = code
        return replace(
            self,
            mask=self.mask & ~better,
            _because=because,
            _reasons=(*self._reasons, reason),
            _superseded=self._superseded | {code},
        )


def entitle(
    bundle: Bundle, snapshot: Snapshot, now: datetime, view: View | None = None
) -> Entitled:
    """Decide who should hold the bundle; exclusions beat everything else.

    Args:
        view: of this snapshot at this moment, where several bundles share one.

    Raises:
        Held: a group or an attribute the policy names was not inventoried, or nobody says whose
            accounts are whose, so nobody can tell.
    """
    view = view or View(snapshot.people, snapshot.memberships, now)
    sure = _entitle(bundle, snapshot, view)
    if view.people.unknown.keys().isdisjoint(bundle.attributes()):
        return sure
    perhaps = _entitle(bundle, snapshot, view.turned())
    return replace(sure, doubtful=perhaps.mask & ~sure.mask)


def _entitle(bundle: Bundle, snapshot: Snapshot, view: View) -> Entitled:
    reasons = [_plain(NOT_NAMED)]
    because = np.zeros(len(snapshot.people), np.int16)

    for reason, members in _sources(bundle.policy, snapshot, view):
        reasons.append(reason)
        _name(because, members, len(reasons) - 1)
    mask = because > 0

    everyone_excluded = np.zeros_like(mask)
    for reason, members in _parts(bundle.policy.excluded, snapshot, view.turned()):
        reasons.append(Reason(f"excluded: {reason.label}", f"excluded: {reason.key}"))
        excluded = _mask(members, mask)
        because[excluded & mask] = len(reasons) - 1
        mask &= ~excluded
        everyone_excluded |= excluded
    if bundle.accounts == "primary" and snapshot.whole:
        reasons.append(_plain(SECOND))
        because[mask & ~_primary(snapshot, view)] = len(reasons) - 1
        mask &= _primary(snapshot, view)
    return Entitled(
        mask, sizes_of_groups(bundle, snapshot), everyone_excluded, because, tuple(reasons)
    )


def superseded_by(better: Bundle) -> Reason:
    """Return the reason for not being entitled that a better bundle is."""
    return Reason(f"superseded by {better.name}, which is active", f"superseded by {better.id}")


def _plain(text: str) -> Reason:
    return Reason(text, text)


def _primary(snapshot: Snapshot, view: View) -> Mask:
    if snapshot.joined is None:
        raise Held(
            "The bundle is for primary accounts, and the tenant's policy does not say which those"
            " are: it needs a join."
        )
    return snapshot.joined.primary(view)


def _name(because: NDArray[np.int16], members: Mask | Rows, code: int) -> None:
    """Give a reason to those of the people who have none yet."""
    if members.dtype == np.bool_:
        np.putmask(because, members & (because == 0), code)
    else:
        because[members[because[members] == 0]] = code


def _mask(members: Mask | Rows, like: Mask) -> Mask:
    if members.dtype == np.bool_:
        return members.astype(np.bool_, copy=False)
    mask = np.zeros_like(like)
    mask[members] = True
    return mask


def _sources(policy: Policy, snapshot: Snapshot, view: View) -> Iterator[Source]:
    """Yield each source of the policy with its label, the most specific first."""
    for request in policy.requests:
        if request.runs(view.now):
            yield _plain(_requested(request)), snapshot.people.rows((request.person,))
    yield from _parts(policy, snapshot, view)


def _parts(part: Exclusion, snapshot: Snapshot, view: View) -> Iterator[Source]:
    if part.people:
        yield _plain("listed by name"), snapshot.people.rows(part.people)
    for group in part.groups:
        inside = "in group" if group.nested else "directly in group"
        reason = Reason(f"{inside} {snapshot.group_name(group.id)}", f"{inside} {group.id}")
        yield reason, _members(group, snapshot)
    for clause in parse_rule(part.rule).alternatives() if part.rule else ():
        yield _plain(f"meets the rule: {_clip(clause.text)}"), clause.of(view)


def _requested(request: Request) -> str:
    asked = f" by {request.by}" if request.by else ""
    return f"requested{asked} until {request.until:%Y-%m-%d}: {request.reason}"


def _members(group: SourceGroup, snapshot: Snapshot) -> Rows:
    memberships = snapshot.memberships
    return memberships.everyone(group.id) if group.nested else memberships.direct(group.id)


def sizes_of_groups(bundle: Bundle, snapshot: Snapshot) -> dict[str, int]:
    """Count whom each group brings, those that a rule names included.

    Raises:
        Held: a group was not inventoried.
    """
    policy = bundle.policy
    named = {group: SourceGroup(id=group, nested=False) for group in policy.source_groups()}
    named |= {group.id: group for group in (*policy.excluded.groups, *policy.groups)}
    return {id: len(_members(group, snapshot)) for id, group in named.items()}


def _clip(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _CLAUSE else line[: _CLAUSE - 1] + "…"

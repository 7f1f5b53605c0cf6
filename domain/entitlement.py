"""Entitlements: who should hold a bundle, and which part of the policy says so."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from domain.bundle import Bundle, Exclusion
from domain.people import Mask
from domain.rule import parse_rule
from domain.snapshot import Snapshot

NOT_NAMED = "not entitled by the policy"

type Source = tuple[str, Mask]


@dataclass(frozen=True, slots=True)
class Entitled:
    """For every person of a snapshot: entitled or not, and why."""

    mask: Mask
    _because: NDArray[np.int16]
    _labels: tuple[str, ...]

    def why(self, row: int) -> str:
        """Return the reason the person in this row is or is not entitled."""
        return self._labels[int(self._because[row])]


def entitle(bundle: Bundle, snapshot: Snapshot) -> Entitled:
    """Decide who should hold the bundle; exclusions beat everything else.

    Raises:
        Held: a group the policy names is not in the directory, so nobody can tell who is in it.
    """
    policy = bundle.policy
    labels = [NOT_NAMED]
    because = np.zeros(len(snapshot.people), np.int16)

    for label, mask in _sources(policy, snapshot, "{}"):
        labels.append(label)
        because[mask & (because == 0)] = len(labels) - 1
    mask = because > 0

    for label, excluded in _sources(policy.excluded, snapshot, "excluded: {}"):
        labels.append(label)
        because[excluded & mask] = len(labels) - 1
        mask &= ~excluded
    return Entitled(mask, because, tuple(labels))


def _sources(part: Exclusion, snapshot: Snapshot, form: str) -> Iterator[Source]:
    """Yield each source of the policy with its label, the most specific first."""
    people = snapshot.people
    if part.people:
        yield form.format("listed by name"), people.mask(people.rows(part.people))
    for group in part.groups:
        members = snapshot.memberships.everyone(group)
        name = snapshot.groups[group].name
        yield form.format(f"in group {name} ({group})"), people.mask(members)
    if part.rule is not None:
        yield form.format("meets the rule"), parse_rule(part.rule).of(people)

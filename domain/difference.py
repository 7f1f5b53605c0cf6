"""Compare who should hold a bundle with who does, or soon will."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from domain.bundle import Bundle
from domain.change import Action
from domain.entitlement import Entitled, entitle
from domain.people import Mask, Rows
from domain.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Difference:
    """Who would join a bundle's holders and who would leave them, as rows of the snapshot."""

    bundle: Bundle
    entitled: Entitled
    holders: Rows
    """Members of the target, as seen."""
    taken: Mask
    """Everyone who holds the bundle or is about to, and so takes a seat."""
    joining: Rows
    leaving: Rows


def compare(bundle: Bundle, snapshot: Snapshot, in_flight: Mapping[str, Action]) -> Difference:
    """Compare entitlements with the holders there will be once what is in flight has arrived.

    Members of the target that were not inventoried (devices, deleted accounts) are in neither list:
    nothing is known about them, so nothing is decided.

    Raises:
        Held: a group the bundle names is not in the directory.
    """
    people = snapshot.people
    entitled = entitle(bundle, snapshot)
    holders = snapshot.memberships.direct(bundle.target.group)
    holding = people.mask(holders)

    expected = holding.copy()
    for action in Action:
        moving = [person for person, act in in_flight.items() if act is action]
        expected[people.rows(moving)] = action is Action.GRANT

    return Difference(
        bundle=bundle,
        entitled=entitled,
        holders=holders,
        taken=holding | expected,
        joining=np.flatnonzero(entitled.mask & ~expected).astype(np.int32),
        leaving=np.flatnonzero(expected & ~entitled.mask).astype(np.int32),
    )

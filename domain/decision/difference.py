"""Compare who should hold a bundle with who does, or soon will."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

import numpy as np

from domain.bundle import Bundle
from domain.change import Action
from domain.decision.entitlement import (
    AS_SHE_IS,
    Entitled,
    Reason,
    entitle,
    superseded_by,
)
from domain.decision.known import Known
from domain.decision.relations import Holding, Relations
from domain.decision.undoing import LaidOver, laid_over
from domain.errors import Held
from domain.inventory.people import Mask, Rows, no_rows
from domain.inventory.reading import as_read_by
from domain.inventory.snapshot import LAG, Snapshot
from domain.rule import View, parse_rule
from domain.terms import Terms


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
    ranks: Sequence[int]
    """Of those joining: the place of the first priority rule each meets."""
    leaving: Rows
    going: Rows = field(default_factory=no_rows)
    """Who is still inside, is not to be, and whose revoke is on its way already."""
    lacking: frozenset[int] = frozenset()
    """Of those joining: members of the target that already are, and lack the license."""
    agreed: frozenset[str] = frozenset()
    """People for whom a run was undone, and who are left to policy again."""
    basis: Mapping[str, str] = field(default_factory=dict)
    """What policy says of others for whom one was, see `Undone.basis`."""


type Entitle = Callable[[Bundle, Snapshot, datetime, View], Entitled]


def differences_of(
    bundles: Sequence[Bundle],
    known: Mapping[str, Known],
    snapshot: Snapshot,
    terms: Terms,
    now: datetime,
    entitle: Entitle = entitle,
) -> tuple[list[Difference], dict[str, str]]:
    """Compare every bundle with its holders; return also why some cannot be compared.

    Args:
        entitle: where an earlier answer about the same people may do.
    """
    found: dict[str, Entitled] = {}
    blocked: dict[str, str] = {}
    seen = as_read_by(terms.tenant, snapshot)
    view = View(seen.people, seen.memberships, now)
    for bundle in bundles:
        try:
            each = entitle(bundle, seen, now, view)
            found[bundle.id] = _as_they_are(each, known[bundle.id], snapshot)
        except Held as why:
            blocked[bundle.id] = str(why)
    differences = []
    for id, laid in _laid_over(found, known, bundles, snapshot, terms).items():
        try:
            compared = compare(known[id], laid.entitled, snapshot, view)
            differences.append(replace(compared, agreed=laid.agreed, basis=laid.basis))
        except Held as why:
            blocked[id] = str(why)
    return differences, blocked


def compare(known: Known, entitled: Entitled, snapshot: Snapshot, view: View) -> Difference:
    """Compare entitlements with the holders there will be once what is in flight has arrived.

    Members of the target that were not inventoried (devices, deleted accounts) are in neither list:
    nothing is known about them, so nothing is decided.

    Raises:
        Held: the target group, or one that a priority rule names, is not in the directory.
    """
    people, bundle, in_flight = snapshot.people, known.bundle, known.in_flight
    holders = snapshot.memberships.direct(bundle.target.group)
    holding = people.mask(holders)
    expected = _expected(known, snapshot)

    licensed = _licensed(bundle, snapshot)
    licensed[people.rows(list(known.failing))] = False
    lacking = holding & expected & entitled.mask & ~licensed
    lacking[people.rows(list(in_flight))] = False
    expected &= ~lacking
    joining = np.flatnonzero(entitled.mask & ~expected).astype(np.int32)
    back = holding & people.mask(people.rows(known.outlasting(snapshot)))
    going = holding & people.mask(people.rows(list(known.going)))
    return Difference(
        bundle=bundle,
        entitled=entitled,
        holders=holders,
        taken=(holding & ~lacking) | expected,
        joining=joining,
        ranks=_ranks(bundle, joining, view),
        leaving=np.flatnonzero((expected | back) & ~entitled.mask).astype(np.int32),
        going=np.flatnonzero(going & ~entitled.mask).astype(np.int32),
        lacking=frozenset(np.flatnonzero(lacking).tolist()),
    )


def _expected(known: Known, snapshot: Snapshot) -> Mask:
    """Return who will be in the target once what is in flight has arrived."""
    people = snapshot.people
    expected = people.mask(snapshot.memberships.direct(known.bundle.target.group))
    for action in Action:
        moving = [person for person, act in known.in_flight.items() if act is action]
        expected[people.rows(moving)] = action is Action.GRANT
    return expected


def _as_they_are(entitled: Entitled, known: Known, snapshot: Snapshot) -> Entitled:
    """Let those keep what they have of whom nobody knows whether they are entitled."""
    if entitled.doubtful is None:
        return entitled
    staying = entitled.doubtful & _expected(known, snapshot)
    return entitled.give(staying, Reason(AS_SHE_IS, AS_SHE_IS))


def _licensed(bundle: Bundle, snapshot: Snapshot) -> Mask:
    """Return the people who hold all products of a bundle; everyone, if its target gives none.

    A member without the license is one to whom Entra did not give it: no seat was left, or another
    license stood in its way. Entra does not look at her again by itself (Entra docs: group-based
    licensing, resolve problems).
    """
    if not _gives(bundle, snapshot):
        return np.ones(len(snapshot.people), np.bool_)
    return Holding(snapshot.people).active(bundle)


def _ranks(bundle: Bundle, rows: Rows, view: View) -> list[int]:
    """Return the place of the first priority rule each of these people meets."""
    ranks = np.full(len(rows), len(bundle.priority), np.int64)
    for place, rule in reversed(list(enumerate(bundle.priority if len(rows) else ()))):
        ranks[parse_rule(rule).of(view)[rows]] = place
    return ranks.tolist()


def _laid_over(
    found: Mapping[str, Entitled],
    known: Mapping[str, Known],
    bundles: Sequence[Bundle],
    snapshot: Snapshot,
    terms: Terms,
) -> dict[str, LaidOver]:
    """Lay what was undone over what policy says, which includes that the better bundle wins.

    Whether someone is entitled to the better one is itself a matter of what was undone.
    """

    seen_at = snapshot.taken_at - LAG

    def lay(entitled: Mapping[str, Entitled]) -> dict[str, LaidOver]:
        return {
            id: laid_over(each, known[id].undone, snapshot.people, seen_at)
            for id, each in entitled.items()
        }

    wanted = {id: each.entitled for id, each in lay(found).items()}
    return lay(_supersede(found, wanted, bundles, snapshot, terms))


def _supersede(
    entitlements: Mapping[str, Entitled],
    wanted: Mapping[str, Entitled],
    bundles: Sequence[Bundle],
    snapshot: Snapshot,
    terms: Terms,
) -> dict[str, Entitled]:
    """Take a bundle's entitlement from those who are entitled to a better one and hold it.

    Only a license that is active counts, so that nobody loses the old before the new is there, and
    nobody loses it for one that goes, as its target does not give it any more. A better bundle in a
    dry run takes nothing away.

    Args:
        wanted: the entitlements that decide who is to have the better bundle.
    """
    relations, holding = Relations(bundles), Holding(snapshot.people)
    by_id = {bundle.id: bundle for bundle in bundles}
    result = dict(entitlements)
    for id in entitlements:
        for other in sorted(relations.better(id) & entitlements.keys()):
            better = by_id[other]
            if terms.mode_of(better) == "dry-run" and terms.mode_of(by_id[id]) == "live":
                continue
            held = _members(better, snapshot) & holding.active(better) & wanted[other].mask
            if not _gives(better, snapshot):
                held &= ~_members(by_id[id], snapshot)
            result[id] = result[id].supersede(held, superseded_by(better))
    return result


def _members(bundle: Bundle, snapshot: Snapshot) -> Mask:
    rows = snapshot.memberships.people.get(bundle.target.group, no_rows())
    return snapshot.people.mask(rows)


def _gives(bundle: Bundle, snapshot: Snapshot) -> bool:
    """Tell whether a bundle's target carries all of its products."""
    target = snapshot.groups.get(bundle.target.group)
    return target is not None and target.licenses.keys() >= set(bundle.skus())

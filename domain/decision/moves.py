"""Moves between bundles: make before break, and the better bundle wins.

Each function looks at the drafts of one compile and takes out what must not be done now, with the
reason; what is left can be done in any order.
"""

from dataclasses import replace

import numpy as np

from domain.bundle import Bundle
from domain.change import Action
from domain.decision.draft import Draft, Scene
from domain.decision.known import Known
from domain.inventory.people import Mask


def leave_to_better(scene: Scene) -> None:
    """Let no one claim a bundle while a better one is on its way to her, or held by her.

    A better bundle whose plan is held, or of a dry run, stands in nobody's way.
    """
    for draft in scene.drafts.values():
        for other in scene.relations.better(draft.bundle.id):
            _leave_to(draft, other, scene)


def _leave_to(draft: Draft, other: str, scene: Scene) -> None:
    known = scene.known[other]
    name = known.bundle.name
    coming = set(known.gaining())
    better = scene.drafts.get(other)
    if better is not None:
        coming |= better.settled
        if not known.may_grant(scene.snapshot) and not known.head.held:
            # The next compile of everything decides about these, and gives them the better one.
            coming |= {scene.snapshot.people.id(int(row)) for row in better.difference.joining}
    if better is None or (scene.is_dry(other) and not scene.is_dry(draft.bundle.id)):
        # Nobody can tell whether these are still entitled there, so they get nothing new here.
        coming |= scene.holders(known.bundle)
    for person in coming & draft.claims.keys():
        draft.spare(person, Action.GRANT, f"gets or holds {name}, which is better")
    if better is None or other in scene.held or not scene.counts(other, draft.bundle.id):
        return
    for person in better.claims.keys() & draft.claims.keys():
        claim = draft.claims[person]
        draft.claims[person] = replace(claim, yields_to=claim.yields_to | {other})


def make_before_break(scene: Scene) -> None:
    """Let no one lose a bundle while another that replaces it is on its way to her.

    Once the new license is seen, the next compile revokes the old one. Where nobody can tell who is
    to have the other bundle, nobody loses this one.
    """
    coming: dict[str, Mask] = {}
    for draft in scene.drafts.values():
        for other, known in sorted(scene.known.items()) if draft.revokes else ():
            if _replaces(known.bundle, draft.bundle, scene):
                if other not in coming:
                    coming[other] = _coming(other, scene)
                _keep_until(draft, known, coming[other], scene)


def _keep_until(draft: Draft, known: Known, coming: Mask, scene: Scene) -> None:
    """Put off the revokes of those to whom another bundle is coming, or is taken back from."""
    name = known.bundle.name
    reason = f"keeps it until {name} is active"
    if known.bundle.id not in scene.drafts:
        reason = f"keeps it while nobody can tell who is to have {name}"
    people = list(draft.revokes)
    rows = scene.snapshot.people.rows(people)
    for place in np.flatnonzero(coming[rows]).tolist():
        draft.put_off(people[place], reason)
    for person in (_taken_back(known) - _taken_back(draft.known)) & draft.revokes.keys():
        # Undoing one half of a move must not leave her with neither bundle.
        draft.put_off(person, f"keeps it while the grant of {name} to her is undone")


def _taken_back(known: Known) -> set[str]:
    """Return the people whose grant of a bundle is undone."""
    return {person for person, one in known.undone.items() if one.action is Action.GRANT}


def _coming(bundle: str, scene: Scene) -> Mask:
    """Return the people who are to have a bundle, and whose license of it is not seen yet."""
    known, draft = scene.known[bundle], scene.drafts.get(bundle)
    if draft is None:
        return np.ones(len(scene.snapshot.people), np.bool_)
    coming = draft.difference.entitled.mask & ~scene.holding.active(known.bundle)
    coming[draft.difference.joining] = True
    coming[scene.snapshot.people.rows(list(draft.baseless))] = False
    coming[scene.snapshot.people.rows(known.gaining())] = True
    return coming


def _replaces(other: Bundle, bundle: Bundle, scene: Scene) -> bool:
    """Tell whether one bundle takes the place of another: by a product, or by superseding."""
    if other.id == bundle.id or not scene.counts(other.id, bundle.id):
        return False
    related = scene.relations.worse(bundle.id) | scene.relations.better(bundle.id)
    return other.id in related or not set(other.skus()).isdisjoint(bundle.skus())

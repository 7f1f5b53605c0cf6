"""Moves between bundles: make before break, the better bundle wins, an add-on needs its base.

Each function looks at the drafts of one compile and takes out what must not be done now, with the
reason; what is left can be done in any order.
"""

from collections.abc import Collection
from dataclasses import replace

import numpy as np

from domain.bundle import Bundle
from domain.change import Action
from domain.draft import Draft, Scene, revoke
from domain.people import Mask


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
        coming |= _holders(known.bundle, scene)
    for person in coming & draft.claims.keys():
        draft.spare(person, Action.GRANT, f"gets or holds {name}, which is better")
    if better is None or other in scene.held or scene.is_dry(other):
        return
    for person in better.claims.keys() & draft.claims.keys():
        claim = draft.claims[person]
        draft.claims[person] = replace(claim, yields_to=claim.yields_to | {other})


def _holders(bundle: Bundle, scene: Scene) -> set[str]:
    members = scene.snapshot.memberships.people.get(bundle.target.group)
    if members is None:
        return set()
    active = members[scene.holding.active(bundle)[members]]
    return {scene.snapshot.people.id(int(row)) for row in active}


def wait_for_base(scene: Scene) -> None:
    """Let those who lack the base of an add-on, or are losing it, wait for it."""
    for draft in scene.drafts.values():
        for serving in scene.relations.needs(draft.bundle.id):
            for person, claim in list(draft.claims.items()):
                if not any(_keeps(person, claim.row, base, draft, scene) for base in serving):
                    draft.wait(person, _wanting(person, serving, scene))


def _keeps(person: str, row: int, base: str, addon: Draft, scene: Scene) -> bool:
    """Tell whether a person's licenses of a base are active and will stay."""
    known, draft = scene.known[base], scene.drafts.get(base)
    going = known.in_flight.get(person) is Action.REVOKE
    if draft is not None and scene.counts(base, addon.bundle.id):
        going = going or person in draft.revokes
    return bool(scene.holding.active(known.bundle)[row]) and not going


def _wanting(person: str, serving: frozenset[str], scene: Scene) -> str:
    names = " or ".join(sorted(scene.known[base].bundle.name for base in serving))
    coming = any(_gets(person, base, scene) for base in serving)
    if coming:
        return f"Waits until {names} is active, which it needs."
    return f"Needs {names}, which the person does not hold, or is losing."


def _gets(person: str, bundle: str, scene: Scene) -> bool:
    draft = scene.drafts.get(bundle)
    if draft is None:
        return person in scene.known[bundle].gaining()
    return person in draft.waiting or person in draft.gaining()


def make_before_break(scene: Scene) -> None:
    """Let no one lose a bundle while another that replaces it is on its way to her.

    Once the new license is seen, the next compile revokes the old one. Where nobody can tell who is
    to have the other bundle, nobody loses this one.
    """
    coming = {each: _coming(each, scene) for each in scene.known}
    for draft in scene.drafts.values():
        if not draft.revokes:
            continue
        people = list(draft.revokes)
        rows = scene.snapshot.people.rows(people)
        for other, known in sorted(scene.known.items()):
            if not _replaces(known.bundle, draft.bundle, scene):
                continue
            reason = f"keeps it until {known.bundle.name} is active"
            if other not in scene.drafts:
                reason = f"keeps it while nobody can tell who is to have {known.bundle.name}"
            for place in np.flatnonzero(coming[other][rows]).tolist():
                draft.spare(people[place], Action.REVOKE, reason)


def _coming(bundle: str, scene: Scene) -> Mask:
    """Return the people who are to have a bundle, and whose license of it is not seen yet."""
    known, draft = scene.known[bundle], scene.drafts.get(bundle)
    if draft is None:
        return np.ones(len(scene.snapshot.people), np.bool_)
    coming = draft.difference.entitled.mask & ~scene.holding.active(known.bundle)
    coming[draft.difference.joining] = True
    coming[scene.snapshot.people.rows(known.gaining())] = True
    return coming


def _replaces(other: Bundle, bundle: Bundle, scene: Scene) -> bool:
    """Tell whether one bundle takes the place of another: by a product, or by superseding."""
    if other.id == bundle.id or not scene.counts(other.id, bundle.id):
        return False
    related = scene.relations.worse(bundle.id) | scene.relations.better(bundle.id)
    return other.id in related or not set(other.skus()).isdisjoint(bundle.skus())


def break_addons_first(scene: Scene, held: Collection[str], approved: Collection[str]) -> None:
    """Take an add-on away before the base it needs; the base goes once the add-on is gone.

    Args:
        held: bundles whose plan would not be sent; no add-on goes on account of these.
        approved: bundles whose plan a person approved as a whole; it waits as a whole.
    """
    waiting = [draft for draft in scene.drafts.values() if draft.bundle.id not in held]
    while waiting:
        base = waiting.pop(0)
        for id in scene.relations.needing(base.bundle.id) if base.revokes else ():
            addon = scene.drafts.get(id)
            if addon is None:
                _keep_for_unknown(base, id, scene)
            elif scene.counts(base.bundle.id, id):
                found = _break_first(base, addon, scene, whole=base.bundle.id in approved)
                waiting += [addon] if found and id not in held else []


def _keep_for_unknown(base: Draft, addon: str, scene: Scene) -> None:
    """Keep the base of an add-on that cannot be compared: nobody can tell who loses that."""
    bundle = scene.known[addon].bundle
    for person in _holders(bundle, scene) & base.revokes.keys():
        reason = f"keeps it while nobody can tell who is to have {bundle.name}, which needs it"
        base.spare(person, Action.REVOKE, reason)


def _break_first(base: Draft, addon: Draft, scene: Scene, *, whole: bool) -> bool:
    """Put off the revokes of a base whose add-on goes first; tell whether any add-on now does."""
    found = False
    for person in list(base.revokes):
        row = int(scene.snapshot.people.rows((person,))[0])
        if not addon.difference.taken[row] or _stays_served(person, row, base, addon, scene):
            continue
        if not _goes(person, addon):
            found |= revoke(
                addon, person, f"needs {base.bundle.name}, which goes", scene.snapshot, scene.now
            )
        if not _goes(person, addon) or not scene.counts(addon.bundle.id, base.bundle.id):
            continue
        if whole:
            base.after = addon.bundle.name
        else:
            reason = f"keeps it until {addon.bundle.name} is gone, which needs it"
            base.spare(person, Action.REVOKE, reason)
    return found


def _goes(person: str, addon: Draft) -> bool:
    """Tell whether an add-on is being taken from a person, be it later."""
    put_off = addon.spared.get(person)
    return (
        person in addon.revokes
        or addon.known.in_flight.get(person) is Action.REVOKE
        or (put_off is not None and put_off.action is Action.REVOKE)
    )


def _stays_served(person: str, row: int, base: Draft, addon: Draft, scene: Scene) -> bool:
    """Tell whether another bundle serves every need of the add-on that this base served.

    One that hands out the same products does: whoever holds these would get the add-on again.
    """
    if any(_has_all_of(base, other, person, row, addon, scene) for other in scene.drafts.values()):
        return True
    for serving in scene.relations.needs(addon.bundle.id):
        if base.bundle.id not in serving:
            continue
        if not any(_keeps(person, row, one, addon, scene) for one in serving - {base.bundle.id}):
            return False
    return True


def _has_all_of(
    base: Draft, other: Draft, person: str, row: int, addon: Draft, scene: Scene
) -> bool:
    return (
        other is not base
        and set(base.bundle.skus()) <= set(other.bundle.skus())
        and bool(other.difference.taken[row])
        and _keeps(person, row, other.bundle.id, addon, scene)
    )

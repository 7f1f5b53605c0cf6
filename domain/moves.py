"""Moves between bundles: make before break, the better bundle wins, an add-on needs its base.

Each function looks at the drafts of one compile and takes out what must not be done now, with the
reason; what is left can be done in any order.
"""

from dataclasses import replace

from domain.bundle import Bundle
from domain.change import Action
from domain.draft import Draft, Scene, revoke


def leave_to_better(scene: Scene) -> None:
    """Let no one claim a bundle while a better one is on its way to her, or held by her.

    A better bundle that is itself held up (a guard, a dry run) stands in nobody's way.
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
    if better is None or (scene.is_dry(other) and not scene.is_dry(draft.bundle.id)):
        # Nobody can tell whether these are still entitled there, so they get nothing new here.
        coming |= _holders(known.bundle, scene)
    for person in coming & draft.claims.keys():
        draft.spare(person, Action.GRANT, f"gets or holds {name}, which is better")
    if better is None or known.head.held or scene.is_dry(other):
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
                if not any(_keeps(person, claim.row, base, scene) for base in serving):
                    draft.wait(person, _wanting(person, serving, scene))


def _keeps(person: str, row: int, bundle: str, scene: Scene) -> bool:
    """Tell whether a person's licenses of a bundle are active and will stay."""
    known = scene.known[bundle]
    draft = scene.drafts.get(bundle)
    going = known.in_flight.get(person) is Action.REVOKE or (draft and person in draft.revokes)
    return bool(scene.holding.active(known.bundle)[row]) and not going


def _wanting(person: str, serving: frozenset[str], scene: Scene) -> str:
    names = " or ".join(sorted(scene.known[base].bundle.name for base in serving))
    coming = any(_gets(person, base, scene) for base in serving)
    if coming:
        return f"Waits until {names} is active, which it needs."
    return f"Needs {names}, which the person does not hold, or is losing."


def _gets(person: str, bundle: str, scene: Scene) -> bool:
    draft = scene.drafts.get(bundle)
    return person in (draft.gaining() if draft else scene.known[bundle].gaining())


def make_before_break(scene: Scene) -> None:
    """Let no one lose a product in one bundle while another is about to give it to her.

    The same holds for a lesser bundle that is to replace this one. Once the new license is seen,
    the next compile revokes the old one.
    """
    gaining = {each: _gaining(each, scene) for each in scene.known}
    for draft in scene.drafts.values():
        if not draft.revokes:
            continue
        for other, known in scene.known.items():
            if other == draft.bundle.id or not _replaces(known.bundle, draft.bundle, scene):
                continue
            for person in gaining[other] & draft.revokes.keys():
                reason = f"keeps it until {known.bundle.name} is active"
                draft.spare(person, Action.REVOKE, reason)


def _gaining(bundle: str, scene: Scene) -> set[str]:
    draft = scene.drafts.get(bundle)
    known = scene.known[bundle]
    claiming = draft.claims.keys() | draft.waiting.keys() if draft else set()
    if draft is not None and scene.is_dry(bundle):
        claiming = set()  # nothing will come of these
    return claiming | set(known.gaining())


def _replaces(other: Bundle, bundle: Bundle, scene: Scene) -> bool:
    shared = set(other.skus()) & set(bundle.skus())
    return bool(shared) or other.id in scene.relations.worse(bundle.id)


def break_addons_first(scene: Scene) -> None:
    """Take an add-on away before the base it needs; the base goes once the add-on is gone."""
    for draft in list(scene.drafts.values()):
        for addon in scene.relations.needing(draft.bundle.id):
            other = scene.drafts.get(addon)
            if other is not None and draft.revokes:
                _break_first(draft, other, scene)


def _break_first(base: Draft, addon: Draft, scene: Scene) -> None:
    for person in list(base.revokes):
        row = int(scene.snapshot.people.rows((person,))[0])
        if not addon.difference.taken[row] or _stays_served(person, row, base, addon, scene):
            continue
        reason = f"needs {base.bundle.name}, which goes"
        going = person in addon.revokes or addon.known.in_flight.get(person) is Action.REVOKE
        if going or (
            person not in addon.spared and revoke(addon, person, reason, scene.snapshot, scene.now)
        ):
            base.spare(
                person, Action.REVOKE, f"keeps it until {addon.bundle.name} is gone, which needs it"
            )


def _stays_served(person: str, row: int, base: Draft, addon: Draft, scene: Scene) -> bool:
    """Tell whether another bundle serves every need of the add-on that this base served."""
    for serving in scene.relations.needs(addon.bundle.id):
        if base.bundle.id not in serving:
            continue
        if not any(_keeps(person, row, one, scene) for one in serving - {base.bundle.id}):
            return False
    return True

"""Add-ons and their bases: an add-on waits for the base it needs, and goes before it.

Each function looks at the drafts of one compile and takes out what must not be done now, with the
reason; what is left can be done in any order.
"""

from collections.abc import Collection, Mapping

from domain.change import Action
from domain.decision.draft import Draft, Scene, revoke
from domain.decision.seats import Place


def wait_for_base(scene: Scene) -> None:
    """Let those who lack the base of an add-on, or are losing it, wait for it."""
    lacking = _lacking(scene)
    missing = {place: _missing(place, lacking, scene, frozenset()) for place in lacking}
    for (bundle, person), need in missing.items():
        draft = scene.drafts[bundle]
        serving = need or lacking[bundle, person][0]
        names = " or ".join(sorted(scene.known[base].bundle.name for base in serving))
        if need is None:
            draft.wait(person, f"Waits until {names} is active, which it needs.")
        else:
            draft.wait(person, f"Needs {names}, which the person does not hold, or is losing.")
            draft.baseless.add(person)


def _lacking(scene: Scene) -> Mapping[Place, list[frozenset[str]]]:
    """Return the claims without a base, and for each need not met the bundles that would serve."""
    lacking: dict[Place, list[frozenset[str]]] = {}
    for id, draft in scene.drafts.items():
        for serving in scene.relations.needs(id):
            for person, claim in draft.claims.items():
                if not any(_keeps(person, claim.row, base, draft, scene) for base in serving):
                    lacking.setdefault((id, person), []).append(serving)
    return lacking


def _keeps(person: str, row: int, base: str, addon: Draft, scene: Scene) -> bool:
    """Tell whether a person's licenses of a base are active and will stay."""
    active = bool(scene.holding.active(scene.known[base].bundle)[row])
    return active and not _is_going(person, row, base, addon, scene, frozenset())


def _is_going(
    person: str, row: int, base: str, addon: Draft, scene: Scene, asked: frozenset[str]
) -> bool:
    """Tell whether a base is being taken from a person, or every base it has itself."""
    known, draft = scene.known[base], scene.drafts.get(base)
    if known.in_flight.get(person) is Action.REVOKE:
        return True
    if draft is None or not scene.counts(base, addon.bundle.id):
        return False
    if person in draft.revokes or person in draft.later:
        return True
    asked |= {base}
    for serving in scene.relations.needs(base):
        held = [one for one in serving if scene.holding.active(scene.known[one].bundle)[row]]
        if held and all(
            one not in asked and _is_going(person, row, one, addon, scene, asked) for one in held
        ):
            return True
    return False


def _missing(
    claim: Place,
    lacking: Mapping[Place, list[frozenset[str]]],
    scene: Scene,
    asked: frozenset[Place],
) -> frozenset[str] | None:
    """Return a need of a claim that nothing on its way will meet; None when there is none."""
    addon, person = claim
    asked |= {claim}
    for serving in lacking[claim]:
        claims = [(base, person) for base in serving]
        if not any(_comes(base, addon, lacking, scene, asked) for base in claims):
            return serving
    return None


def _comes(
    base: Place,
    addon: str,
    lacking: Mapping[Place, list[frozenset[str]]],
    scene: Scene,
    asked: frozenset[Place],
) -> bool:
    """Tell whether a base is on its way to a person, or will be once its own base is there."""
    bundle, person = base
    draft = scene.drafts.get(bundle)
    if scene.known[bundle].in_flight.get(person) is Action.GRANT:
        return True
    if draft is None or not scene.counts(bundle, addon):
        return False
    if base in lacking:
        return base not in asked and _missing(base, lacking, scene, asked) is None
    return person in draft.claims or person in draft.settled


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
    for person in scene.holders(bundle) & base.revokes.keys():
        reason = f"keeps it while nobody can tell who is to have {bundle.name}, which needs it"
        base.put_off(person, reason)


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
            base.put_off(person, f"keeps it until {addon.bundle.name} is gone, which needs it")
    return found


def _goes(person: str, addon: Draft) -> bool:
    """Tell whether an add-on is being taken from a person, be it later."""
    in_flight = addon.known.in_flight.get(person) is Action.REVOKE
    return in_flight or person in addon.revokes or person in addon.later


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
        other not in (base, addon)
        and set(base.bundle.skus()) <= set(other.bundle.skus())
        and bool(other.difference.taken[row])
        and _keeps(person, row, other.bundle.id, addon, scene)
    )

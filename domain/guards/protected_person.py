"""Revoke nothing from a protected person."""

from collections.abc import Iterator

from domain.change import Action
from domain.decision.draft import Draft, Scene


def spare(draft: Draft, scene: Scene) -> Iterator[tuple[str, Action, str]]:
    """Name each protected person among the revokes, with who protected her and why."""
    protected = scene.terms.controls.protected
    for person in draft.revokes.keys() & protected.keys():
        by, reason = protected[person].by, protected[person].reason
        yield person, Action.REVOKE, f"protected by {by}: {reason}"

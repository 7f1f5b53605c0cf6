"""Revoke nothing from whom the snapshot may show as she was before something newer was told."""

from collections.abc import Iterator

from domain.change import Action
from domain.decision.draft import Draft, Scene

REASON = "told of since the inventory, and not seen to leave by a fresh look at her"


def spare(draft: Draft, scene: Scene) -> Iterator[tuple[str, Action, str]]:
    """Name each of these people among the revokes; the next inventory shows her as she is."""
    for person in draft.revokes.keys() & draft.known.overtaken:
        yield person, Action.REVOKE, REASON

"""Watches: does Graph have the app's subscriptions, which it made only after reaching the app."""

from collections.abc import Sequence

from adapters.checks.around import Around
from adapters.graph.subscriptions import GraphSubscriptions
from domain.doctor import Observation, Subject, fine, note, warning

NAME, PAGE, PLACE = "watches", "docs/architecture.md", 45

_KINDS = 2
"""Of users and of groups."""


async def look(around: Around, subject: Subject) -> Sequence[Observation]:
    """Count the subscriptions.

    Raises:
        Later: Graph cannot answer now.
    """
    url = around.settings.public_url
    if url is None:
        return [note("No change notifications are asked for; the timers see every change.")]
    existing = await GraphSubscriptions(around.graph(), url).existing()
    if len(existing) < _KINDS:
        return [
            warning(
                f"Graph has {len(existing)} of {_KINDS} subscriptions: the timer renew_watches"
                " makes them where Graph reaches the app and Group.Read.All is granted."
            )
        ]
    return [fine(f"Graph has {len(existing)} subscriptions for this app.")]

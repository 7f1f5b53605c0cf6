"""Old versions of what was written lately, for readers on a lagging replica."""

from collections import defaultdict

from simulators.graph.settings import Settings
from simulators.graph.wire import JsonObject

type Version[T] = tuple[float, T]  # until when it was so


class History:
    """Kept only while the settings ask for replication lag."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.objects: dict[str, list[Version[JsonObject | None]]] = defaultdict(list)
        self.links: dict[tuple[str, str], list[Version[bool]]] = defaultdict(list)

    def keep_object(self, object_id: str, was: JsonObject | None, now: float) -> None:
        """Remember what an object was until now; None: it was not there."""
        if self._settings.replication_lag > 0:
            self.objects[object_id].append((now, was))

    def keep_link(self, group_id: str, member_id: str, *, was: bool, now: float) -> None:
        """Remember whether this was a membership until now."""
        if self._settings.replication_lag > 0:
            self.links[group_id, member_id].append((now, was))

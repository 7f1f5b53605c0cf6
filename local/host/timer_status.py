"""When each monitored timer last ran, kept in a file if asked, so that a missed run is noticed.

Azure keeps the same in the app's storage account (container azure-webjobs-hosts).
"""

import json
from datetime import datetime
from pathlib import Path


class TimerStatus:
    """Last runs by function name; in memory, or in `path` as JSON across restarts of the host."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._last: dict[str, str] = {}
        if path and path.exists():
            self._last = json.loads(path.read_text())

    def last(self, function: str) -> datetime | None:
        """Return when the timer last ran, or None if it never did."""
        moment = self._last.get(function)
        return datetime.fromisoformat(moment) if moment else None

    def ran(self, function: str, moment: datetime) -> None:
        """Remember that the timer ran for this moment."""
        self._last[function] = moment.isoformat()
        if self._path:
            draft = self._path.with_suffix(".new")
            draft.write_text(json.dumps(self._last))
            draft.replace(self._path)

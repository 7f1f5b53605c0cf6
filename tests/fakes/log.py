"""A log that remembers."""


class FakeLog:
    """The Log port; `lines` has one (event, facts) each."""

    def __init__(self) -> None:
        self.lines: list[tuple[str, dict[str, str | int | float]]] = []

    def note(self, event: str, **facts: str | int | float) -> None:
        self.lines.append((event, facts))

    def events(self) -> list[str]:
        """Return the names of the events, in order."""
        return [event for event, _ in self.lines]

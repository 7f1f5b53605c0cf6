"""What the history tells, taken in as it is written, and checked entry by entry."""

from collections import Counter
from collections.abc import Iterator

from domain.audit import Check
from domain.chain import Line, LineState, read
from domain.change import Action
from tests.fakes.ledger import FakeLedger

_DECISIONS = (LineState.DECIDED, LineState.ASKED)
_ENDS = {"confirmed", "refused", "failed", "waiting", "superseded", "closed"}

type Who = tuple[str, str]
"""Bundle and person."""


class Story:
    """The history of every bundle, up to its end."""

    def __init__(self, ledger: FakeLedger) -> None:
        self._ledger = ledger
        self._checks: dict[str, Check] = {}
        self._news: list[tuple[str, Line]] = []
        self.decided: dict[Who, Action] = {}
        """The last decision about each."""
        self.granted: set[Who] = set()
        """To whom it was ever decided to give a bundle."""
        self.told: set[Who] = set()
        """Everybody a line is about."""
        self.disowned: set[Who] = set()
        """Whose revoke took the place of a grant on its way, and came to nothing."""
        self._taken_back: set[Who] = set()
        self._balance: Counter[Who] = Counter()

    def listen(self) -> None:
        """Take in what was written since the last time; assert that nothing before it changed."""
        for bundle, entries in self._ledger.histories.items():
            check = self._checks.setdefault(bundle, Check(bundle))
            for sealed in entries[check.last.number :]:
                check.add(sealed)
                for line in read(sealed).lines:
                    self._hear(bundle, line)
            assert check.breaks(self._ledger.tails[bundle]) == ()

    def news(self) -> Iterator[tuple[str, Line]]:
        """Yield the lines that were not yielded before, each with its bundle."""
        while self._news:
            yield self._news.pop(0)

    def open(self) -> set[Who]:
        """Return those about whom some decision has no end, or one too many."""
        return {who for who, left in self._balance.items() if left}

    def runs(self) -> list[str]:
        """Return the runs that decided something, in order."""
        entries = (read(one) for each in self._ledger.histories.values() for one in each)
        return sorted({entry.run for entry in entries if entry.page and entry.run})

    def _hear(self, bundle: str, line: Line) -> None:
        who = bundle, line.person
        self.told.add(who)
        self._news.append((bundle, line))
        if line.state in _DECISIONS and line.action is not None:
            self.decided[who] = line.action
            if line.action is Action.GRANT and line.state == LineState.DECIDED:
                self.granted.add(who)
        self._disown(who, line)
        self._balance[who] += line.state in _DECISIONS
        self._balance[who] -= line.state in _ENDS and line.action is not None

    def _disown(self, who: Who, line: Line) -> None:
        if line.state == LineState.SUPERSEDED and line.action is Action.GRANT:
            self._taken_back.add(who)
        badly = line.state in (LineState.FAILED, LineState.REFUSED)
        if badly and line.action is Action.REVOKE and who in self._taken_back:
            self.disowned.add(who)

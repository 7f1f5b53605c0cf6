"""What went wrong, classified by what to do next.

SeatflowError
├── Later                 try again, not before `after` seconds
│   ├── Busy              another process is at it
│   ├── Conflict          someone else wrote first: read again and decide again
│   └── Resync            the change token is dead: read everything anew
├── Never                 trying again cannot help until someone changes something: `fix` says what
│   ├── Forbidden         a permission is missing
│   ├── Untrusted         nobody vouches for the caller
│   ├── BundleError       a bundle that makes no sense, with file and line
│   └── RuleError         a rule that does not parse, with position
└── Held                  a person must look and decide

Anything else that is raised is a bug.
"""


class SeatflowError(Exception):
    """The root of every error that Seatflow anticipates; its text is a sentence for an operator."""


class Later(SeatflowError):
    """Try again, not before `after` seconds from now."""

    def __init__(self, reason: str, after: float = 0.0) -> None:
        super().__init__(reason)
        self.after = after


class Busy(Later):
    """Another process is at it."""


class Conflict(Later):
    """Another writer was first; nothing was written. Read again and decide again."""


class Resync(Later):
    """The change token is expired or reset; only a full read is true now."""


class Never(SeatflowError):
    """Trying again cannot help until someone changes something; `fix` says what to change."""

    def __init__(self, reason: str, fix: str = "") -> None:
        super().__init__(f"{reason} {fix}".strip())
        self.reason = reason
        self.fix = fix


class Forbidden(Never):
    """The identity lacks a permission; `fix` names it."""


class Untrusted(Never):
    """Nobody vouches for whoever calls."""


class BundleError(Never):
    """One or more bundles make no sense; `problems` has one `file:line: sentence` each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class RuleError(Never):
    """A rule that does not parse; `position` counts characters of the rule's text from 0."""

    def __init__(self, reason: str, text: str, position: int) -> None:
        line_start = text.rfind("\n", 0, position) + 1
        line = text[line_start:].split("\n", 1)[0]
        caret = " " * (position - line_start) + "^"
        super().__init__(f"{reason}\n  {line}\n  {caret}")
        self.position = position


class Held(SeatflowError):
    """A guard stopped this; a person must look and decide."""

"""What can go wrong with a command, classified by what the one who typed it does next.

Complaint                 a sentence on standard error, and the exit code
├── WrongInput      2     an option, a folder or a file makes no sense: mend it
├── Refused         3     the service says no, and will say so again
└── NoAnswer        4     the service was not reached or is busy: try again later
    └── Broken      4     the connection failed on the way, or what stands before the service did

Exit code 1 is no complaint: the command worked, and what it looked at is not in order.
"""

from typing import ClassVar

NOT_IN_ORDER = 1
"""The exit code of a command that worked and found what must be mended or looked at."""


class Complaint(Exception):
    """Why a command cannot do what it was asked to; the text is what the person reads."""

    code: ClassVar[int]


class WrongInput(Complaint):
    """An option, a folder or a file makes no sense."""

    code = 2


class Refused(Complaint):
    """The service says no, and will say so again."""

    code = 3


class BadPolicy(Refused):
    """The service refuses policy files and names file and line of each mistake."""

    code = NOT_IN_ORDER

    @property
    def sentences(self) -> list[str]:
        """The mistakes, one each."""
        return str(self).splitlines()


class NoAnswer(Complaint):
    """The service was not reached, or is busy."""

    code = 4


class Broken(NoAnswer):
    """The connection failed on the way, or what stands before the service did."""

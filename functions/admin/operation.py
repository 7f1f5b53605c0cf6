"""A row of the table of calls: what it is and the job it is handed to."""

import re
from dataclasses import dataclass
from typing import Literal

from domain.caller import Role

ROOT = "v1/"

type Body = Literal[
    "", "text", "Files", "Release", "Refusal", "Because", "Remark", "Replay", "Fingerprint"
]
"""Nothing, a bundle's own text, or a model in `functions.admin.shapes`."""

type Named = Literal["", "anyone", "named"]
"""What the job learns of the caller: nothing, the name if there is one, or always a name."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One call of the surface."""

    method: Literal["GET", "PUT", "POST", "DELETE"]
    route: str
    """Below /api/v1; a parameter is named like the job's argument."""
    name: str
    """Of the function, and the operationId."""
    summary: str
    job: str = ""
    """A method of `Jobs`; empty for the one call that needs none."""
    query: tuple[str, ...] = ()
    body: Body = ""
    by: Named = ""
    role: Role | None = None
    """Whose it is; where nothing is said, see `needs`."""
    starts_run: bool = False
    """The job queues work, under the id of this invocation."""
    run_as: str = "run"
    """The job's argument that takes this id."""
    code: int = 200
    missing: str = "There is nothing under this id."
    """The sentence of a 404."""
    files: tuple[str, ...] = ()
    """The media types of the files it answers with; of JSON without."""
    shown_as: str = ""
    """A model in `functions.admin.shapes` that answers in place of what the job returns."""

    @property
    def needs(self) -> Role:
        """The role that it takes: to read, any; a change that names no role, the highest."""
        return self.role or (Role.READER if self.method == "GET" else Role.POLICY_ADMIN)

    @property
    def path(self) -> str:
        """The route below the app's prefix."""
        return ROOT + self.route

    @property
    def parameters(self) -> list[str]:
        """The names of the route's parameters."""
        return re.findall(r"{(\w+)}", self.route)

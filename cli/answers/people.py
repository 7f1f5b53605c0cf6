"""What the service answers about one person."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from cli.answers.answer import Answer
from cli.answers.controls import Pause, Protection


class Clause(Answer):
    """One condition of a rule, and how it stands with one person."""

    text: str
    met: bool
    found: str = ""
    parts: tuple["Clause", ...] = ()


class Decision(Answer):
    """The last decision about one person and one bundle, and what became of it."""

    action: str
    state: str
    reason: str
    detail: str = ""
    plan: str = ""
    run: str = ""
    tries: int = 0
    error: str | None = None
    updated_at: datetime


class Standing(Answer):
    """How one person stands with one bundle."""

    bundle: str
    name: str
    holds: bool
    entitled: bool
    why: str
    clauses: tuple[Clause, ...] = ()
    waiting_since: str | None = None
    waiting_for: str | None = None
    leaving_since: str | None = None
    leaves_at: str | None = None
    held: str = ""
    mode: str = "live"
    last_decision: Decision | None = None
    again_at: datetime | None = None
    """When what came to nothing is tried again by itself."""

    @property
    def unfinished(self) -> bool:
        """Whether the last decision is on its way, or Entra did not do what it asks for."""
        last = self.last_decision
        return last is not None and (last.state in ("decided", "applied") or bool(last.error))

    @property
    def unlicensed(self) -> bool:
        """Whether she is in the target, and Entra does not give her the license."""
        last = self.last_decision
        return self.holds and last is not None and last.action == "grant" and bool(last.error)


class Account(Answer):
    """Another account of the same human."""

    id: str
    name: str = ""
    by: str = ""
    primary: bool = False


class Accounts(Answer):
    """Whose account it is, as of the latest inventory."""

    primary: bool = False
    others: tuple[Account, ...] = ()
    unknown: str = ""


class Explanation(Answer):
    """One person, read afresh."""

    id: str
    read_at: datetime
    protected: Protection | None = None
    paused: Pause | None = None
    """The pause of everything, if there is one."""
    products: tuple[str, ...]
    product_names: Annotated[dict[str, str], Field(default_factory=dict)]
    """By part number."""
    bundles: tuple[Standing, ...]
    accounts: Accounts | None = None

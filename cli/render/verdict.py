"""How a person stands with a bundle, in one sentence."""

from cli.answers.people import Standing
from cli.screen import when

_NOT_NAMED = "not entitled by the policy"
"""The reason that adds nothing to what the sentence says."""


def concerned(standing: Standing) -> bool:
    """Tell whether there is more to say than that she neither has it nor should."""
    return bool(
        standing.holds
        or standing.entitled
        or standing.waiting_since
        or standing.leaving_since
        or standing.unfinished
    )


def verdict(standing: Standing) -> str:
    """Return the sentence without its subject: `has m365-e5 and is entitled to it (…)`."""
    said = _holds(standing) if standing.holds else _lacks(standing)
    return f"{said}{_reason(standing)}."


def _holds(standing: Standing) -> str:
    has = f"has {standing.bundle}"
    if standing.unlicensed:
        has = f"is in the group of {standing.bundle} without its license"
    if standing.entitled:
        return f"{has} and is entitled to it"
    if standing.leaving_since:
        until = f" until {when(standing.leaves_at)}" if standing.leaves_at else " for a while"
        return f"{has}, is no longer entitled to it, and keeps it{until}"
    return f"{has} and is not entitled to it"


def _lacks(standing: Standing) -> str:
    lacks = f"does not have {standing.bundle}"
    if standing.waiting_since:
        return f"{lacks}, is entitled to it, and waits since {when(standing.waiting_since)}"
    if standing.entitled:
        return f"{lacks} yet and is entitled to it"
    return f"{lacks} and is not entitled to it"


def _reason(standing: Standing) -> str:
    if not standing.why or standing.why == _NOT_NAMED:
        return ""
    return f" ({standing.why.rstrip('.')})"

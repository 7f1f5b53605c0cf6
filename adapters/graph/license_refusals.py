"""What Graph's answer to one write of licenses means, for a person or for a group.

Graph has one code for all of these, so the words must be read (Graph docs: user-assignlicense,
group-assignlicense; bodies as recorded by programs in production).
"""

import re

from adapters.graph.errors import is_transient
from adapters.graph.reply import Reply
from adapters.graph.verdicts import Refusal
from adapters.graph.waits import wait_of
from domain.outcome import Applied, Outcome, Postponed, Refused

_ABSENT = ("User does not have a corresponding license", "inherited from a group membership")
_PLANS = re.compile(r"service plans? (.+?)(?: are mutually exclusive)?\.?$", re.IGNORECASE)

REFUSALS = (
    Refusal(
        400,
        "depends on the service plan(s)",
        "A service plan depends on another one",
        "Take the license whose plan depends on it first, or grant the plan it depends on.",
    ),
    Refusal(
        400,
        "are mutually exclusive",
        "Two service plans exclude each other",
        "Switch one of the two off in the bundle.",
    ),
    Refusal(
        400,
        "invalid usage location",
        "The person has no valid usage location",
        "Set the person's usage location.",
    ),
    Refusal(
        400,
        "does not have any available licenses",
        "No seat is left in the product",
        "Buy seats or free some.",
    ),
    Refusal(
        400,
        "does not correspond to a valid company License",
        "The tenant does not have this product",
        "Correct the product in the bundle, or buy it.",
    ),
)


def of_license_write(reply: Reply, permission: str, nobody: Outcome) -> Outcome:
    """Return what became of one write of licenses.

    Args:
        reply: Graph's answer.
        permission: the application permission the write needs.
        nobody: the outcome where the person or group it is about does not exist.
    """
    if reply.ok:
        return Applied()
    if is_transient(reply):
        return Postponed(wait_of(reply), f"Graph cannot answer now: {reply.described()}.")
    if reply.status == 404:
        return nobody
    if reply.status == 403:
        return denied(permission)
    for refusal in REFUSALS:
        if refusal.fits(reply):
            return Refused(f"{refusal.reason}{_named(reply)}.", refusal.fix)
    return _unknown(reply)


def is_absent(reply: Reply) -> bool:
    """Tell whether a license could not be taken because it is not assigned directly."""
    return reply.status == 400 and any(reply.says(words) for words in _ABSENT)


def denied(permission: str) -> Refused:
    """Return the outcome where the app's identity lacks a permission."""
    return Refused(
        "Graph denied the write.",
        f"Grant the app's identity the application permission {permission}.",
    )


def _named(reply: Reply) -> str:
    """Return the service plans Graph names, which the admin center names likewise."""
    found = _PLANS.search(reply.message)
    return f": {found[1]}" if found else ""


def _unknown(reply: Reply) -> Refused:
    if reply.status == 401:
        return Refused(
            f"Graph does not accept the app's token: {reply.described()}.",
            "Check that the app's identity exists in this tenant.",
        )
    return Refused(
        f"Graph refused the write: {reply.described()}.",
        "Look the code up in Graph's documentation; the request id helps Microsoft's support.",
    )

"""The name a decision is kept under: vouched for, or only the caller's own word.

Whoever signs in, or shows a certificate, has a name. On the local stack callers name themselves,
and that is kept as unverified.
"""

from collections.abc import Mapping

from domain.caller import Caller
from functions.refusals import BadRequest

CLAIMED = "X-Seatflow-By"
UNVERIFIED = " (unverified)"
LONGEST = 200

NOBODY = (
    f"This is a decision, and needs someone's name: sign in,"
    f" or name yourself in the header {CLAIMED}."
)


def name_of(caller: Caller, headers: Mapping[str, str], claimed: str = "") -> str:
    """Return the name of who calls, or nothing for nobody.

    Args:
        caller: who was let in.
        headers: of the request; names in any case.
        claimed: whom the body names; the header comes first.

    Raises:
        BadRequest: a name that is too long, or not one line of text.
    """
    if caller.vouched:
        return _name("The name that was signed in with", caller.name)
    claimed = _name(CLAIMED, headers.get(CLAIMED, "") or claimed)
    return claimed and claimed + UNVERIFIED


def decider(caller: Caller, headers: Mapping[str, str], claimed: str = "") -> str:
    """Return who decides.

    Raises:
        BadRequest: nobody says who, or a name makes no sense.
    """
    by = name_of(caller, headers, claimed)
    if not by:
        raise BadRequest([NOBODY])
    return by


def _name(where: str, value: str) -> str:
    name = value.strip()
    if len(name) > LONGEST or not name.isprintable():
        raise BadRequest([f"{where}: Expected a name, one line of {LONGEST} characters at most."])
    return name

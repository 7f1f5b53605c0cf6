"""Who calls: vouched for by Easy Auth, or only by the caller's own word.

Easy Auth sets its headers itself and drops those a caller sends (App Service docs: work with user
identities in authentication). Without it, callers may name themselves; that is kept as unverified.
"""

from collections.abc import Mapping

from functions.refusals import BadRequest

VOUCHED = ("x-ms-client-principal-name", "x-ms-client-principal-id")
CLAIMED = "X-Seatflow-By"
UNVERIFIED = " (unverified)"
LONGEST = 200

NOBODY = (
    f"This is a decision, and needs someone's name: sign in through Easy Auth,"
    f" or name yourself in the header {CLAIMED}."
)


def caller(headers: Mapping[str, str], claimed: str = "") -> str:
    """Return who calls, or nothing for nobody.

    Args:
        headers: of the request; names in any case.
        claimed: whom the body names; the header comes first.

    Raises:
        BadRequest: a name that is too long, or not one line of text.
    """
    for header in VOUCHED:
        if vouched := _name(header, headers.get(header, "")):
            return vouched
    claimed = _name(CLAIMED, headers.get(CLAIMED, "") or claimed)
    return claimed and claimed + UNVERIFIED


def decider(headers: Mapping[str, str], claimed: str = "") -> str:
    """Return who decides.

    Raises:
        BadRequest: nobody says who, or a name makes no sense.
    """
    by = caller(headers, claimed)
    if not by:
        raise BadRequest([NOBODY])
    return by


def _name(header: str, value: str) -> str:
    name = value.strip()
    if len(name) > LONGEST or not name.isprintable():
        raise BadRequest([f"{header}: Expected a name, one line of {LONGEST} characters at most."])
    return name

"""What the service says no with, as a sentence and an exit code."""

import re

from cli.address import Address
from cli.errors import BadPolicy, Broken, Complaint, NoAnswer, Refused
from cli.wire import Reply

_PLACE = re.compile(r"[^\n]+:\d+: ")
"""How a sentence about a policy file begins."""


def complaint_of(address: Address, reply: Reply) -> Complaint:
    """Return what a reply from 300 on means to the one who typed the command."""
    sentences = _sentences(reply)
    said = "\n".join(sentences)
    match reply.status:
        case 401:
            return Refused(
                f"{address.url} does not know you (401). Sign in with `az login` and set"
                " SEATFLOW_SCOPE." + (f" It says: {said}" if said else "")
            )
        case 403:
            return Refused(
                f"{address.url} knows you and does not let you in (403): ask its owner for access."
                + (f" It says: {said}" if said else "")
            )
        case 429 | 502 | 503 | 504 if not sentences:
            return Broken(f"{address.url} is not up ({reply.status}). Try again later.")
        case 429 | 503:
            return NoAnswer(f"{said} (The service is busy. Try again later.)")
        case 400 if sentences and all(map(_PLACE.match, sentences)):
            return BadPolicy(said)
        case status if 300 <= status < 400:
            return Refused(
                f"{address.url} sends you elsewhere ({reply.location or status}). Is that the URL?"
                " Where people sign in with a browser, set SEATFLOW_SCOPE."
            )
        case _ if sentences:
            return Refused(said)
        case status:
            return Refused(
                f"{address.url} answers {status}, and not as Seatflow does. Is the URL right?"
            )


def _sentences(reply: Reply) -> list[str]:
    match reply.json():
        case {"errors": [*sentences]}:
            return [str(sentence) for sentence in sentences]
        case _:
            return []

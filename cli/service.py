"""The admin surface as a command sees it: ask, be patient where asked to be, or say why not."""

import re
import time
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

from cli.address import Address
from cli.credential import Credential
from cli.errors import BadPolicy, Complaint, NoAnswer, Refused, WrongInput
from cli.wire import Reply, Request, send

TRIES = 4
"""How often a request is sent while the service asks to be asked again."""
LONGEST_S = 60
"""A longer `Retry-After` is not waited for."""
_UNSAID_S = 5

_BY = "X-Seatflow-By"
_PLACE = re.compile(r"[^\n]+:\d+: ")


class Service:
    """One Seatflow app."""

    def __init__(
        self,
        address: Address,
        *,
        by: str = "",
        key: str = "",
        scope: str = "",
        say: Callable[[str], None] = lambda _: None,
    ) -> None:
        """Speak to the app at an address.

        Args:
            by: who asks, where no sign-in says so.
            key: a function key.
            scope: whom to ask for a token, such as `api://…/.default`.
            say: tells the person why it takes longer.

        Raises:
            WrongInput: the key or token would travel where others can read it.
        """
        if (key or scope) and not address.private:
            raise WrongInput(
                f"A key or token would travel to {address.url} for everyone to read: use https."
            )
        self._address = address
        self._headers = {"Accept": "application/json"}
        self._headers |= {_BY: by} if by else {}
        self._headers |= {"x-functions-key": key} if key else {}
        self._credential = Credential(scope) if scope else None
        self._say = say

    def ask(
        self,
        method: str,
        *path: str,
        query: Mapping[str, str | None] | None = None,
        body: Any = None,
    ) -> Any:
        """Make one call and return what is answered.

        Args:
            path: its segments below `/api/v1`, as they are; they are quoted here.
            query: parameters; those that are None are left out.

        Raises:
            WrongInput: a segment is no name at all.
            BadPolicy: the policy files sent are wrong.
            Refused: the service says no.
            NoAnswer: nobody is there, or the service stays busy.
        """
        given = {name: value for name, value in (query or {}).items() if value is not None}
        quoted = "".join(f"/{_quoted(segment)}" for segment in path)
        reply = self._patiently(Request(method, quoted, given, body))
        if reply.status >= 300:
            complaint = _complaint(self._address, reply)
            raise type(complaint)(f"{complaint}{self._hint(str(complaint))}")
        answer = reply.json()
        if answer is None:
            raise Refused(
                f"{self._address.url} answers, and not as Seatflow does. Is the URL right?"
            )
        return answer

    def _hint(self, said: str) -> str:
        unnamed = _BY not in self._headers and _BY in said
        return " For this command: --by NAME." if unnamed else ""

    def _patiently(self, request: Request) -> Reply:
        for tries_left in reversed(range(TRIES)):
            reply = send(self._address, request, self._with_token())
            after = _seconds(reply.retry_after)
            if reply.status not in (429, 503) or not tries_left or after > LONGEST_S:
                break
            self._say(f"The service is busy and asks to be asked again in {after} s.")
            time.sleep(after)
        return reply

    def _with_token(self) -> dict[str, str]:
        if self._credential is None:
            return self._headers
        return {**self._headers, "Authorization": f"Bearer {self._credential.token()}"}


def _quoted(segment: str) -> str:
    if segment.strip(". ") == "":
        raise WrongInput(f"{segment!r} names nothing.")
    return quote(segment, safe="@")


def _seconds(retry_after: str) -> int:
    return int(retry_after) if retry_after.isascii() and retry_after.isdigit() else _UNSAID_S


def _complaint(address: Address, reply: Reply) -> Complaint:
    sentences = _sentences(reply)
    said = "\n".join(sentences)
    match reply.status:
        case 401:
            return Refused(
                f"{address.url} does not know you (401). Sign in with `az login` and set"
                " SEATFLOW_SCOPE, or set SEATFLOW_KEY to a function key."
            )
        case 403:
            return Refused(
                f"{address.url} knows you and does not let you in (403): ask its owner for access."
                + (f" It says: {said}" if said else "")
            )
        case 429 | 502 | 503 | 504 if not sentences:
            return NoAnswer(f"{address.url} is not up ({reply.status}). Try again later.")
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

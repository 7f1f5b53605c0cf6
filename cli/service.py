"""The admin surface as a command sees it: ask, be patient where asked to be, or say why not."""

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from cli.address import Address
from cli.certificate import Certificate
from cli.credential import Credential
from cli.errors import Refused, WrongInput
from cli.refusals import complaint_of
from cli.wire import Reply, Request, send

TRIES = 4
"""How often a request is sent while the service asks to be asked again."""
LONGEST_S = 60
"""A longer `Retry-After` is not waited for."""
_UNSAID_S = 5

_BY = "X-Seatflow-By"


class Service:
    """One Seatflow app."""

    def __init__(
        self,
        address: Address,
        *,
        by: str = "",
        scope: str = "",
        token: str = "",
        certificate: Certificate | None = None,
        say: Callable[[str], None] = lambda _: None,
    ) -> None:
        """Speak to the app at an address.

        Args:
            by: who asks, where no sign-in says so.
            scope: whom to ask for a token, such as `api://…/.default`.
            token: one that is there already, of a stack on this machine.
            certificate: what a machine shows of itself.
            say: tells the person why it takes longer.

        Raises:
            WrongInput: the token would travel where others can read it, or the certificate cannot
                be shown.
        """
        if scope and not address.private:
            raise WrongInput(
                f"A token would travel to {address.url} for everyone to read: use https."
            )
        if certificate and not address.url.startswith("https://"):
            raise WrongInput(f"A certificate is shown over https only, and this is {address.url}.")
        self._address = address
        self._tls = certificate.context() if certificate else None
        self._headers = {"Accept": "application/json"}
        self._headers |= {_BY: by} if by else {}
        self._headers |= {"Authorization": f"Bearer {token}"} if token else {}
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
        answer = self._reply(method, path, query, body).json()
        if answer is None:
            raise Refused(
                f"{self._address.url} answers, and not as Seatflow does. Is the URL right?"
            )
        return answer

    def fetch(self, *path: str, query: Mapping[str, str | None] | None = None) -> Reply:
        """Ask for a file and return it as it came.

        Raises:
            WrongInput, Refused, NoAnswer: as `ask`.
        """
        return self._reply("GET", path, query, None)

    def _reply(
        self, method: str, path: Sequence[str], query: Mapping[str, str | None] | None, body: Any
    ) -> Reply:
        given = {name: value for name, value in (query or {}).items() if value is not None}
        quoted = "".join(f"/{_quoted(segment)}" for segment in path)
        reply = self._patiently(Request(method, quoted, given, body))
        if reply.status >= 300:
            complaint = complaint_of(self._address, reply)
            raise type(complaint)(f"{complaint}{self._hint(str(complaint))}")
        return reply

    def _hint(self, said: str) -> str:
        unnamed = _BY not in self._headers and _BY in said
        return " For this command: --by NAME." if unnamed else ""

    def _patiently(self, request: Request) -> Reply:
        for tries_left in reversed(range(TRIES)):
            reply = send(self._address, request, self._with_token(), self._tls)
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

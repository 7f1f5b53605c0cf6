"""Who is let in: people whom Easy Auth vouches for, and machines by their client certificate.

Easy Auth sets its headers itself and drops those a caller sends (App Service docs: work with user
identities in authentication), but only where it is switched on. So its headers are believed only
where the settings say that it is; a function key opens nothing.
"""

import base64
import binascii
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from domain.caller import EVERYTHING, Caller, Role, roles_in
from domain.errors import Untrusted
from functions.refusals import NotAllowed

if TYPE_CHECKING:
    from domain.ports import Certificates

PRINCIPAL = "x-ms-client-principal"
NAME, ID = "x-ms-client-principal-name", "x-ms-client-principal-id"
CERTIFICATE = "x-arr-clientcert"
TOKEN = "authorization"

type SignIn = Literal["none", "easy-auth", "local", "token"]

_ROLES = ("roles", "http://schemas.microsoft.com/ws/2008/06/identity/claims/role")
_NOBODY = "Nobody is signed in."
_FIX = {
    "none": "Switch on Easy Auth, or client certificates: docs/security.md says how.",
    "easy-auth": "Sign in with an account that has a role in this app.",
    "token": "Show the token that this stack was started with, as seatflow --local does.",
}


@dataclass(frozen=True, slots=True)
class Locks:
    """What opens the admin surface."""

    sign_in: SignIn = "none"
    certificates: "Callable[[], Certificates] | None" = None
    """Looked at when a certificate is shown; None where none are taken."""
    token: str = field(default="", repr=False)
    """What a bearer must show where `sign_in` is `token`."""

    def admit(self, headers: Mapping[str, str], needed: Role) -> Caller:
        """Return who calls.

        Raises:
            Untrusted: nobody who is known.
            NotAllowed: somebody who may not do this.
        """
        caller = self._caller(headers)
        if not caller.may(needed):
            raise NotAllowed(
                f"This needs the role {needed.value}, and {caller.name or 'the caller'} has not.",
                "Whoever administers the app in Entra can assign it.",
            )
        return caller

    def _caller(self, headers: Mapping[str, str]) -> Caller:
        if self.sign_in == "local":
            return Caller("", EVERYTHING, vouched=False)
        if self.sign_in == "token" and self._is_shown(headers.get(TOKEN, "")):
            return Caller("", EVERYTHING, vouched=False)
        if self.sign_in == "easy-auth" and (principal := headers.get(PRINCIPAL)):
            return _signed_in(principal, headers)
        if self.certificates and (shown := headers.get(CERTIFICATE)):
            return self.certificates().caller(_der(shown))
        raise Untrusted(_NOBODY, _FIX[self.sign_in])

    def _is_shown(self, authorization: str) -> bool:
        expected = f"Bearer {self.token}".encode()
        return bool(self.token) and hmac.compare_digest(authorization.encode(), expected)


def _signed_in(principal: str, headers: Mapping[str, str]) -> Caller:
    try:
        said = json.loads(base64.b64decode(principal, validate=True))
        claims = [(str(each["typ"]), str(each["val"])) for each in said["claims"]]
    except (ValueError, TypeError, KeyError) as error:
        raise Untrusted(
            "Easy Auth's word about the caller makes no sense.", _FIX["none"]
        ) from error
    types = {*_ROLES, str(said.get("role_typ"))}
    name = headers.get(NAME, "").strip() or headers.get(ID, "").strip()
    if not name:
        raise Untrusted(_NOBODY, _FIX["easy-auth"])
    return Caller(name, roles_in(value for kind, value in claims if kind in types))


def _der(shown: str) -> bytes:
    try:
        return base64.b64decode(shown, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Untrusted("What was shown is no certificate.", "Send none, or a good one.") from error


CLOSED = Locks()
"""Lets nobody in."""

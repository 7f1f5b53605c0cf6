"""Who the caller is to the service: a token of Entra ID, from wherever someone is signed in."""

import logging
import time

from cli.errors import Refused

_EARLY_S = 300
"""A token is renewed this long before it expires."""


class Credential:
    """Tokens for one scope, through azure-identity's DefaultAzureCredential."""

    def __init__(self, scope: str) -> None:
        self._scope = scope
        self._token = ""
        self._expires = 0.0

    def token(self) -> str:
        """Return a token, the last one while it is good.

        Raises:
            Refused: nobody is signed in.
        """
        if time.time() > self._expires - _EARLY_S:
            self._token, self._expires = _ask(self._scope)
        return self._token


def _ask(scope: str) -> tuple[str, float]:
    from azure.core.exceptions import ClientAuthenticationError
    from azure.identity import DefaultAzureCredential

    # It tells its whole search on standard error; our one sentence is enough.
    logging.getLogger("azure").addHandler(logging.NullHandler())
    logging.getLogger("azure").propagate = False
    with DefaultAzureCredential() as credential:
        try:
            token = credential.get_token(scope)
        except (ClientAuthenticationError, ValueError) as error:
            why = str(error).partition("\n")[0].rstrip(". ")
            raise Refused(
                f"Nobody is signed in for {scope}: run `az login`, or set up one of the sources"
                f" that azure-identity knows. It says: {why}."
            ) from None
    return token.token, token.expires_on

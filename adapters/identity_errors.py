"""Whether the app's identity was refused, or only cannot be asked now.

azure-identity raises the same error for both, so an outage of the identity endpoint looks like a
verdict on our permissions; only an answer that says so is one.
"""

from azure.core.exceptions import AzureError, ClientAuthenticationError

from domain.errors import Later
from domain.quoted import quoted

AWAY = 60.0
"""Seconds to wait; the endpoint may be away for 70 while it is updated (source below)."""

_VERDICTS = frozenset({400, 401, 403})
"""Answers that waiting does not change; 404, 410, 429 and 5xx are to be tried again.

Source: Entra docs, how to use managed identities to get an access token (error handling).
"""


def refusal_in(error: AzureError) -> ClientAuthenticationError | None:
    """Return the refusal that an error is or wraps: some SDKs wrap what their credential raises."""
    for each in (error, error.inner_exception, error.__cause__):
        if isinstance(each, ClientAuthenticationError):
            return each
    return None


def outage_of(refusal: ClientAuthenticationError) -> Later | None:
    """Return that the app gets no token now, or None where the refusal is a verdict."""
    # Imported late, as it is slow.
    from azure.identity import CredentialUnavailableError

    unavailable = isinstance(refusal, CredentialUnavailableError)
    if not unavailable and refusal.status_code in _VERDICTS:
        return None
    sentence = (str(refusal.message).splitlines() or [type(refusal).__name__])[0]
    return Later(f"The app's identity gets no token now: {quoted(sentence)}.", AWAY)

"""Identity: does the app get a token for Graph, or is a visitor signed in, and as whom."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from azure.core.exceptions import AzureError, ClientAuthenticationError

from adapters.checks.around import Around
from adapters.identity_errors import outage_of
from domain.doctor import Observation, Subject, error, fine, warning
from domain.errors import Later

NAME, PAGE, PLACE = "identity", "docs/security.md", 20

VISIT = "docs/first-contact.md"

_FIX = "Assign the managed identity to the app, and name it in AZURE_CLIENT_ID."


async def look(around: Around, subject: Subject) -> Sequence[Observation]:
    """Ask for a token.

    Raises:
        Later: the identity cannot be asked now.
    """
    if around.settings.visiting:
        return [await _visitor(around)]
    try:
        await around.token().get_token(_scope(around.settings.graph_endpoint))
    except ClientAuthenticationError as refusal:
        outage = outage_of(refusal)
        if outage is not None:
            raise outage from refusal
        return [error(f"The app's identity gets no token for Graph. {_FIX}")]
    except (AzureError, ValueError) as problem:
        raise Later(f"No token for Graph now: {type(problem).__name__}.") from problem
    return [fine("The app's identity gets a token for Graph.")]


async def _visitor(around: Around) -> Observation:
    from adapters.visitor import NotYet, Visitor

    visitor = around.token()
    assert isinstance(visitor, Visitor)
    try:
        await visitor.get_token(_scope(around.settings.graph_endpoint))
    except NotYet as waiting:
        return warning(f"{waiting.message} Then ask again.")
    except AzureError as refusal:
        said = str(refusal.message).partition("\n")[0].rstrip(". ")
        way = around.settings.visitor_sign_in
        fix = "Run az login --tenant TENANT" if way == "az-login" else "Try again"
        return error(f"Nobody is signed in by {way}: {said}. {fix}, or see {VISIT}.")
    return fine(f"Signed in by {visitor.account}.")


def _scope(endpoint: str) -> str:
    parts = urlsplit(endpoint)
    return f"{parts.scheme}://{parts.netloc}/.default"

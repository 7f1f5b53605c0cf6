"""Everything the storage SDKs raise says what to do next, or is a bug of ours."""

from collections.abc import Iterator

import azure.core.exceptions
import azure.data.tables
import pytest
from azure.core.credentials import AzureNamedKeyCredential
from azure.core.exceptions import AzureError, HttpResponseError

from adapters.credential import EMULATOR_ACCOUNT
from adapters.storage_errors import BLOB_ROLE, TABLE_ROLE, storage_errors, what_to_do
from adapters.tables.account import Tables
from adapters.tables.table import Write
from adapters.warehouse.blobs import BlobAccount
from domain.errors import Conflict, Forbidden, Later, SeatflowError
from tests.contract.azurite import Azurite, free_port

BY_KIND: dict[str, type[SeatflowError] | None] = {
    "ClientAuthenticationError": Later,
    "HttpResponseError": None,
    "IncompleteReadError": Later,
    "ResourceExistsError": None,
    "ResourceModifiedError": None,
    "ResourceNotFoundError": None,
    "ResourceNotModifiedError": None,
    "ServiceRequestError": Later,
    "ServiceRequestTimeoutError": Later,
    "ServiceResponseError": Later,
    "ServiceResponseTimeoutError": Later,
    "TableTransactionError": None,
    "RequestTooLargeError": None,
}
"""Without a response; None where only the status would tell."""

BY_STATUS: dict[int, type[SeatflowError] | None] = {
    400: None,
    401: Forbidden,
    403: Forbidden,
    404: Conflict,
    405: None,
    408: Later,
    409: Conflict,
    411: None,
    412: Conflict,
    413: None,
    416: None,
    429: Later,
    500: Later,
    502: Later,
    503: Later,
    504: Later,
}


class Response:
    """As much of a response as an error looks at."""

    reason = "Because"
    content_type = "text/plain"
    request = None

    def __init__(self, status: int, headers: dict[str, str]) -> None:
        self.status_code = status
        self.headers = headers

    def text(self, encoding: str | None = None) -> str:
        return ""


def error(status: int, **headers: str) -> HttpResponseError:
    return HttpResponseError(response=Response(status, headers))


def sdk_errors() -> Iterator[type[AzureError]]:
    for module in (azure.core.exceptions, azure.data.tables):
        for value in vars(module).values():
            if isinstance(value, type) and issubclass(value, AzureError):
                yield value


def test_every_error_of_the_sdks_is_known() -> None:
    # These are about other things than requests: streams that are read twice, redirects, bodies.
    others = {
        "AzureError",
        "DecodeError",
        "ResponseNotReadError",
        "StreamClosedError",
        "StreamConsumedError",
        "TooManyRedirectsError",
        "ODataV4Error",
    }
    assert {kind.__name__ for kind in sdk_errors()} == BY_KIND.keys() | others


@pytest.mark.parametrize("name", BY_KIND)
def test_every_error_without_a_response_says_what_to_do(name: str) -> None:
    [kind] = {kind for kind in sdk_errors() if kind.__name__ == name}
    made = kind(message="Something happened.")
    assert type(what_to_do(made, TABLE_ROLE)) is (BY_KIND[name] or type(None))


@pytest.mark.parametrize("status", BY_STATUS)
def test_every_status_says_what_to_do(status: int) -> None:
    assert type(what_to_do(error(status), TABLE_ROLE)) is (BY_STATUS[status] or type(None))


def test_a_refusal_names_the_role_that_is_missing() -> None:
    for role in (TABLE_ROLE, BLOB_ROLE):
        refused = what_to_do(error(403), role)
        assert isinstance(refused, Forbidden)
        assert role in refused.fix


def test_a_busy_service_is_left_alone_for_as_long_as_it_says() -> None:
    busy = what_to_do(error(503, **{"Retry-After": "17"}), TABLE_ROLE)
    assert isinstance(busy, Later)
    assert busy.after == 17
    unsaid = what_to_do(error(503), TABLE_ROLE)
    assert isinstance(unsaid, Later)
    assert unsaid.after > 0


def test_a_bug_of_ours_is_raised_as_it_is() -> None:
    with pytest.raises(HttpResponseError), storage_errors(TABLE_ROLE):
        raise error(400)


async def test_a_storage_account_that_is_away_means_later(key: AzureNamedKeyCredential) -> None:
    url = f"http://127.0.0.1:{free_port()}/devstoreaccount1"
    tables, blobs = Tables(url, key, retries=0), BlobAccount(url, key, retries=0)
    with pytest.raises(Later) as refused:
        await tables.table("ledger").get("e5", "h")
    assert refused.value.after > 0
    with pytest.raises(Later):
        await tables.table("ledger").write("e5", [Write("put", "h", {})])
    with pytest.raises(Later):
        await blobs.container("warehouse").read("latest.json")
    await tables.close()
    await blobs.close()


# The SDK asks an XML element whether it is true.
@pytest.mark.filterwarnings("ignore:Testing an element:DeprecationWarning")
async def test_a_key_that_is_wrong_is_a_refusal(azurite: Azurite) -> None:
    wrong = AzureNamedKeyCredential(EMULATOR_ACCOUNT, "d3Jvbmc=")
    tables = Tables(azurite.tables, wrong, retries=0)
    blobs = BlobAccount(azurite.blobs, wrong, retries=0)
    with pytest.raises(Forbidden, match=TABLE_ROLE):
        await tables.table("ledger").get("e5", "h")
    with pytest.raises(Forbidden, match=BLOB_ROLE):
        await blobs.container("warehouse").read("latest.json")
    await tables.close()
    await blobs.close()

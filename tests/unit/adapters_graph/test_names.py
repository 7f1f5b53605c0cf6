"""A name is personal: what Graph repeats of it goes no further."""

import pytest

from adapters.graph.client import GraphClient
from adapters.graph.names import find_person
from domain.errors import Later, Never
from tests.unit.adapters_graph.scripted import Scripted

NAME = "ada.o'neil@contoso.example"


@pytest.mark.parametrize("status", [400, 403, 429, 500])
@pytest.mark.parametrize("by_mail", [False, True])
async def test_a_name_in_graphs_error_is_not_in_ours(
    server: Scripted, client: GraphClient, status: int, by_mail: bool
) -> None:
    if by_mail:
        server.say({"error": {"code": "Request_ResourceNotFound", "message": NAME}}, 404)
    server.say({"error": {"code": "Odd", "message": f"Resource '{NAME}' is odd."}}, status)

    with pytest.raises((Later, Never)) as error:
        await find_person(client, NAME)

    assert "Odd" in str(error.value)
    assert "neil" not in str(error.value)

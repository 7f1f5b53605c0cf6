"""The baseline: what anyone would write first with msgraph-sdk, one request per member."""

import asyncio
import json
import sys
from pathlib import Path

from kiota_abstractions.authentication import AnonymousAuthenticationProvider
from msgraph.generated.models.reference_create import ReferenceCreate
from msgraph.graph_request_adapter import GraphRequestAdapter
from msgraph.graph_service_client import GraphServiceClient


class _Token(AnonymousAuthenticationProvider):
    """Any token opens the simulator."""

    async def authenticate_request(self, request, additional_authentication_context=None):  # type: ignore[no-untyped-def]
        """Add the header."""
        request.headers.add("Authorization", "Bearer local")


async def main(base: str, file: str) -> None:
    """Make every change of the file."""
    adapter = GraphRequestAdapter(_Token())
    adapter.base_url = base
    client = GraphServiceClient(request_adapter=adapter)
    for action, group, person in json.loads(await asyncio.to_thread(Path(file).read_text)):
        members = client.groups.by_group_id(group).members
        if action == "revoke":
            await members.by_directory_object_id(person).ref.delete()
        else:
            await members.ref.post(ReferenceCreate(odata_id=f"{base}/directoryObjects/{person}"))


asyncio.run(main(*sys.argv[1:]))

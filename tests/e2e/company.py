"""A company on the local stack, with three bundles whose members plain Python can tell."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import AsyncExitStack
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Any, Self

import yaml
from azure.core.credentials import AzureNamedKeyCredential
from azure.data.tables.aio import TableServiceClient

from local.api import Api, Web
from local.converge import Summary, converge
from local.layout import Layout
from local.ports import Ports
from local.stack import Stack
from local.tenant.generate import generate
from local.tenant.groups import group_id
from local.tenant.products import PRODUCTS
from tests.e2e.scan import Scan

type Document = dict[str, Any]

# Azurite's account and key, the same for everyone (Microsoft Learn: "Use the Azurite emulator").
ACCOUNT = "devstoreaccount1"
KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="

_OPENS = ("AccountKey=", "SharedAccessKey=", "Bearer ", "deltatoken=", "skiptoken=")
"""What stands before a secret, or before a token that leads to everybody."""

CLIENT_FACING = ("Sales", "Marketing")


def _client_facing(document: Document) -> set[str]:
    return {
        user["id"]
        for user in document["users"]
        if user.get("accountEnabled") and user.get("department") in CLIENT_FACING
    }


def _engineers(document: Document) -> set[str]:
    disabled = {user["id"] for user in document["users"] if not user.get("accountEnabled")}
    return members(document, group_id("DEP-Engineering")) - disabled


def _managers_office(document: Document) -> set[str]:
    return {
        user["id"]
        for user in document["users"]
        if (user.get("department") or "").casefold() in ("legal", "human resources")
    }


ENTITLED: dict[str, Callable[[Document], set[str]]] = {
    "teams": _client_facing,
    "visio": _engineers,
    "e5": _managers_office,
}
TARGETS = {"teams": "LIC-Teams-Premium", "visio": "LIC-Visio-Projects", "e5": "LIC-M365-E5"}
_PRODUCTS = {"teams": "Microsoft_Teams_Premium", "visio": "VISIOCLIENT", "e5": "SPE_E5"}
_POLICIES: dict[str, Document] = {
    "teams": {
        "rule": 'user.accountEnabled -eq true and user.department -in ["Sales", "Marketing"]'
    },
    "visio": {
        "groups": [group_id("DEP-Engineering")],
        "excluded": {"rule": "-not user.accountEnabled -eq true"},
    },
    "e5": {"rule": 'user.department -eq "legal" -or user.department -startsWith "Human Res"'},
}


def members(document: Document, group: str) -> set[str]:
    """Follow a group's nesting in plain Python."""
    people = {user["id"] for user in document["users"]}
    inside = {each["id"]: each["members"] for each in document["groups"]}
    seen: set[str] = set()
    waiting = [group]
    while waiting:
        for member in inside[waiting.pop()]:
            if member not in seen:
                seen.add(member)
                waiting += [member] if member in inside else []
    return seen & people


class Company:
    """A stack with people, three stored bundles, and the questions the tests ask."""

    def __init__(
        self,
        home: Path,
        people: int,
        *,
        persistent: bool = False,
        settings: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        document = generate(people, 7)
        for product in document["subscribedSkus"]:
            product["prepaidUnits"]["enabled"] = 5 * people
        tenant = home / "tenant.json"
        tenant.write_text(json.dumps(document))
        often = {"CONFIRM_SCHEDULE": "* * * * * *", "SWEEP_SCHEDULE": "*/5 * * * * *"}
        layout = Layout(
            tenant,
            home / "stack",
            Ports.free(),
            persistent=persistent,
            settings=often | {**settings},
            tenant_id=document["organization"]["id"],
        )
        self.stack = Stack(layout)
        self.entitled = dict(ENTITLED)
        self.unmanaged = "remove"
        self._exit = AsyncExitStack()

    async def __aenter__(self) -> Self:
        await self._exit.enter_async_context(self.stack)
        layout = self.stack.layout
        self.api = await self._exit.enter_async_context(Api(layout.host_url))
        self.graph = await self._exit.enter_async_context(Web(layout.graph_url))
        self.bus = await self._exit.enter_async_context(
            Web(f"http://127.0.0.1:{layout.ports.service_bus}")
        )
        for name in ENTITLED:
            await self.store(name, _POLICIES[name], ENTITLED[name])
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._exit.aclose()

    async def store(
        self, name: str, policy: Document, entitled: Callable[[Document], set[str]]
    ) -> None:
        """Store a bundle with this policy, which `entitled` says in plain Python."""
        self.entitled[name] = entitled
        await self.api.store_bundle(name, yaml.safe_dump(self._bundle(name, policy)))

    async def converge(self) -> Summary:
        return await converge(self.api)

    async def document(self) -> Document:
        """Return the tenant as it is now."""
        document: Document = await self.graph.ask("GET", "/__sim/tenant")
        return document

    async def wrong(self) -> dict[str, set[str]]:
        """Return per bundle the people for whom membership is not what policy says."""
        now = await self.document()
        inside = {each["id"]: set(each["members"]) for each in now["groups"]}
        return {
            name: entitled(now) ^ inside[group_id(TARGETS[name])]
            for name, entitled in self.entitled.items()
            if entitled(now) ^ inside[group_id(TARGETS[name])]
        }

    async def unlicensed(self) -> set[str]:
        """Return members whose license is not Active through the group."""
        now = await self.document()
        states = {user["id"]: user.get("licenseAssignmentStates") or [] for user in now["users"]}
        inside = {each["id"]: each["members"] for each in now["groups"]}
        return {
            person
            for name in ENTITLED
            for person in inside[group_id(TARGETS[name])]
            if not any(
                state["assignedByGroup"] == group_id(TARGETS[name]) and state["state"] == "Active"
                for state in states[person]
            )
        }

    async def open_in_ledger(self) -> list[str]:
        """Return the keys of every ledger row that has not ended."""
        return [
            f"{row['PartitionKey']} {row['RowKey']} {row.get('state')}"
            for row in await self.ledger()
            if row["RowKey"].startswith("o:page:") or row.get("state") in ("decided", "applied")
        ]

    async def ledger(self) -> list[Document]:
        """Return every row of the ledger, read past our own code."""
        url = f"http://127.0.0.1:{self.stack.layout.ports.tables}/{ACCOUNT}"
        credential = AzureNamedKeyCredential(ACCOUNT, KEY)
        async with TableServiceClient(url, credential=credential) as service:
            rows = service.get_table_client("ledger").list_entities()
            return [dict(row) async for row in rows]

    async def check(self) -> None:
        """Assert that all is as policy says and every ledger row is closed."""
        assert await self.wrong() == {}
        assert await self.unlicensed() == set()
        assert await self.open_in_ledger() == []
        status = await self.api.status()
        assert sum(bundle.failed for bundle in status.bundles) == 0
        await self.check_logs()

    async def check_logs(self) -> None:
        """Assert that no program has logged anybody's name, or a secret."""
        named = (await self.scan()).found(self._logged())
        assert not named, named

    async def scan(self) -> Scan:
        """Return a search for every person's name and for every secret there is."""
        people = (await self.document())["users"]
        return Scan(people, [KEY, "SAS_KEY_VALUE", *_OPENS])

    def _logged(self) -> Iterator[str]:
        """Yield every line that any program of the stack has logged."""
        for log in self.stack.layout.home.rglob("*.log"):
            yield from log.read_text(errors="replace").splitlines()

    def _bundle(self, name: str, policy: Document) -> Document:
        return {
            "id": name,
            "name": name,
            "target": {"group": group_id(TARGETS[name])},
            "products": [{"sku": PRODUCTS[_PRODUCTS[name]].sku}],
            "policy": policy,
            "unmanaged": self.unmanaged,
            "limits": {"revokes": {"percent": 100_000}, "grants": {"percent": 100_000}},
        }

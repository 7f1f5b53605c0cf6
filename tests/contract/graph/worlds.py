"""One tenant, seen through the fakes or through Graph, and moved by hand in either."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from adapters.graph.directory import GraphDirectory
from adapters.graph.targets import GraphTargets
from domain.attributes import MANAGER, source_of
from domain.errors import Forbidden, Later
from domain.inventory.group import Group
from domain.inventory.people import Person, ServicePlan, Value
from domain.inventory.product import Product
from domain.outcome import LicenseError, LicenseState
from domain.ports import Directory, MembershipLog, Targets
from tests.contract.graph.simulated import Json, SimulatedGraph
from tests.fakes.directory import FakeDirectory, FakeTargets
from tests.fakes.tenant import FakeTenant


class World(Protocol):
    """The ports under test, and what happens behind their back."""

    directory: Directory
    targets: Targets

    async def move(self, person: str, **attributes: Value) -> None: ...
    async def remove_person(self, person: str) -> None: ...
    async def remove_group(self, group: str) -> None: ...
    async def join(self, group: str, member: str) -> None: ...
    async def leave(self, group: str, member: str) -> None: ...
    async def members(self, group: str) -> frozenset[str]: ...
    async def expire_tokens(self) -> None: ...
    async def set_seats(self, sku: str, seats: int) -> None: ...
    async def spoil_license(self, person: str, sku: str, error: LicenseError | None) -> None:
        """Let Entra fail to give this product to this person, or fail no longer."""
        ...

    async def add_by_hand(self, group: str, member: str, by: str) -> None:
        """Let a user of this object id put someone into a group."""
        ...

    async def remove_by_hand(self, group: str, member: str, by: str) -> None:
        """Let her take someone out."""
        ...

    async def break_next(self, call: str) -> None:
        """Let the next request of a call break half way."""
        ...

    async def throttle_next(self, call: str, after: int) -> None:
        """Let Graph ask to wait once."""
        ...

    async def forbid(self, call: str) -> None:
        """Take the permission for a call away."""
        ...


WRITES = frozenset({"carry_out", "license", "reprocess", "take_direct"})
PERMISSIONS = {
    "license": "LicenseAssignment.ReadWrite.All",
    "membership_log": "AuditLog.Read.All",
    "reprocess": "User.ReadWrite.All",
    "take_direct": "LicenseAssignment.ReadWrite.All",
}
"""What is named when it is missing."""
ALONE = {"reprocess": {"User.ReadWrite.All", "Directory.ReadWrite.All"}}
"""What is taken away so that only this one call is forbidden; for any other call it is all."""


class FakeWorld:
    """The fakes over the tenant itself."""

    def __init__(self, tenant: FakeTenant) -> None:
        self._tenant = tenant
        self._directory = FakeDirectory(tenant)
        self._targets = FakeTargets(tenant)
        self.directory: Directory = self._directory
        self.targets: Targets = self._targets

    async def move(self, person: str, **attributes: Value) -> None:
        self._tenant.move(person, **attributes)

    async def remove_person(self, person: str) -> None:
        self._tenant.remove_person(person)

    async def remove_group(self, group: str) -> None:
        self._tenant.remove_group(group)

    async def join(self, group: str, member: str) -> None:
        self._tenant.join(group, member)

    async def leave(self, group: str, member: str) -> None:
        self._tenant.leave(group, member)

    async def members(self, group: str) -> frozenset[str]:
        return self._tenant.members(group)

    async def expire_tokens(self) -> None:
        self._tenant.expire_tokens()

    async def set_seats(self, sku: str, seats: int) -> None:
        self._tenant.set_seats(sku, seats)

    async def spoil_license(self, person: str, sku: str, error: LicenseError | None) -> None:
        if error:
            self._tenant.spoil_license(person, sku, error)
        else:
            self._tenant.mend_license(person, sku)

    async def add_by_hand(self, group: str, member: str, by: str) -> None:
        self._tenant.join(group, member)
        self._log(group, member, added=True, by=by)

    async def remove_by_hand(self, group: str, member: str, by: str) -> None:
        self._tenant.leave(group, member)
        self._log(group, member, added=False, by=by)

    def _log(self, group: str, member: str, *, added: bool, by: str) -> None:
        log = self._tenant.log.setdefault(group, [])
        at = datetime(2026, 11, 2, tzinfo=UTC) + timedelta(seconds=len(log))
        log.append(MembershipLog(at, member, added, by))

    async def break_next(self, call: str) -> None:
        self._fail(call, Later("The connection broke."))

    async def throttle_next(self, call: str, after: int) -> None:
        self._fail(call, Later("Too many requests.", after))

    async def forbid(self, call: str) -> None:
        permission = PERMISSIONS.get(call, "GroupMember.ReadWrite.All")
        self._fail(call, Forbidden("Denied.", f"Grant {permission}."))

    def _fail(self, call: str, error: Exception) -> None:
        fake = self._targets if call in WRITES else self._directory
        fake.fail_next(call, error=error)


class SimulatedWorld:
    """The adapters over the simulator, which was given the same tenant."""

    PATHS: Mapping[str, str] = {
        "people": "GET /users/delta",
        "groups": "GET /groups/delta",
        "products": "GET /subscribedSkus",
        "find_groups": "POST /directoryObjects/getByIds",
        "count_members": r"GET /groups/.*/members/\$count",
        "close_up": r"POST /\$batch",
        "persons": "POST /directoryObjects/getByIds",
        "outer_groups": r"POST /\$batch",
        "find_person": "GET /users",
        "licenses": r"POST /\$batch",
        "carry_out": r"POST /\$batch",
        "license": "POST /groups/.*/assignLicense",
        "membership_log": "GET /auditLogs/directoryAudits",
        "reprocess": r"POST /\$batch",
        "take_direct": r"POST /\$batch",
    }

    def __init__(self, graph: SimulatedGraph) -> None:
        self._graph = graph
        self.directory: Directory = GraphDirectory(graph.client)
        self.targets: Targets = GraphTargets(graph.client)

    async def move(self, person: str, **attributes: Value) -> None:
        await self._graph.switch("PATCH", f"users/{person}", _properties(attributes))

    async def remove_person(self, person: str) -> None:
        await self._graph.graph("DELETE", f"/users/{person}")

    async def remove_group(self, group: str) -> None:
        await self._graph.graph("DELETE", f"/groups/{group}")

    async def join(self, group: str, member: str) -> None:
        reference = {"@odata.id": f"{self._graph.url}/v1.0/directoryObjects/{member}"}
        await self._graph.graph("POST", f"/groups/{group}/members/$ref", reference)

    async def leave(self, group: str, member: str) -> None:
        await self._graph.graph("DELETE", f"/groups/{group}/members/{member}/$ref")

    async def members(self, group: str) -> frozenset[str]:
        tenant = await self._graph.switch("GET", "tenant")
        people = {user["id"] for user in tenant["users"]}
        (found,) = [one for one in tenant["groups"] if one["id"] == group]
        return frozenset(people.intersection(found["members"]))

    async def expire_tokens(self) -> None:
        await self._graph.switch("POST", "expire-delta-tokens")

    async def set_seats(self, sku: str, seats: int) -> None:
        await self._graph.switch("PATCH", f"products/{sku}", {"enabled": seats})

    async def spoil_license(self, person: str, sku: str, error: LicenseError | None) -> None:
        errors = {sku: error} if error else {}
        await self._graph.switch("PUT", f"users/{person}/license-errors", errors)

    async def add_by_hand(self, group: str, member: str, by: str) -> None:
        await self._graph.switch("POST", f"groups/{group}/members", {"id": member, "by": by})

    async def remove_by_hand(self, group: str, member: str, by: str) -> None:
        await self._graph.switch("DELETE", f"groups/{group}/members/{member}", {"by": by})

    async def break_next(self, call: str) -> None:
        await self._graph.fault(self.PATHS[call], body="half", times=1)

    async def throttle_next(self, call: str, after: int) -> None:
        await self._graph.fault(self.PATHS[call], status=429, retry_after=after, times=1)

    async def forbid(self, call: str) -> None:
        granted = (await self._graph.switch("GET", "settings"))["granted"]
        kept = [each for each in granted if each not in ALONE[call]] if call in ALONE else []
        await self._graph.switch("POST", "permissions", {"granted": kept})


type States = Mapping[str, tuple[LicenseState, ...] | None]


def undated(states: States) -> States:
    """Return license states without the moments, which the fakes do not have."""
    return {
        person: None if one is None else tuple(replace(state, updated_at=None) for state in one)
        for person, one in states.items()
    }


def document_of(tenant: FakeTenant) -> Json:
    """Return a fake tenant as the document the simulator loads."""
    return {
        "users": [
            _user(person) | _direct(tenant.states(person.id)) for person in tenant.people.values()
        ],
        "groups": [
            _group(group) | {"members": list(tenant.inside(group.id))}
            for group in tenant.groups.values()
        ],
        "subscribedSkus": [_sku(product) for product in tenant.products().values()],
    }


def _user(person: Person) -> Json:
    set_ones = {name: value for name, value in person.attributes.items() if value not in (None, ())}
    return {"id": person.id} | _properties(set_ones)


def _direct(states: Iterable[LicenseState]) -> Json:
    """Return direct licenses; those by group follow from the groups."""
    direct = [
        {"skuId": state.sku, "disabledPlans": sorted(state.disabled)}
        for state in states
        if state.group is None
    ]
    return {"assignedLicenses": direct} if direct else {}


def _properties(attributes: Mapping[str, Value]) -> Json:
    """Return attributes as Graph has them."""
    properties: Json = {}
    for name, value in attributes.items():
        outer, _, inner = source_of(name).partition(".")
        if name == MANAGER:
            properties[outer] = {inner: value} if value else None
        elif inner:
            properties.setdefault(outer, {})[inner] = value
        else:
            properties[outer] = _property(name, value)
    return properties


def _property(name: str, value: Value) -> Any:
    if name in ("sipProxyAddress", "telephoneNumber"):
        return [value] if value else []
    if isinstance(value, tuple):
        return [_plan(item) if isinstance(item, ServicePlan) else item for item in value]
    return value


def _plan(plan: ServicePlan) -> Json:
    return {
        "servicePlanId": plan.id,
        "service": plan.service,
        "capabilityStatus": plan.status,
        "assignedDateTime": "2026-11-02T12:00:00Z",
    }


def _group(group: Group) -> Json:
    return {
        "id": group.id,
        "displayName": group.name,
        "groupTypes": list(group.types),
        "mailEnabled": group.mail_enabled,
        "securityEnabled": group.security_enabled,
        "onPremisesSyncEnabled": group.synced or None,
        "isAssignableToRole": group.role_assignable or None,
        "assignedLicenses": [
            {"skuId": sku, "disabledPlans": list(plans)} for sku, plans in group.licenses.items()
        ],
    }


def _sku(product: Product) -> Json:
    plans: list[dict[str, Any]] = [
        {"servicePlanId": plan, "servicePlanName": name} for plan, name in product.plans.items()
    ]
    return {
        "skuId": product.sku,
        "skuPartNumber": product.part_number,
        "prepaidUnits": {
            "enabled": product.enabled,
            "warning": product.warning,
            "suspended": product.suspended,
            "lockedOut": product.locked_out,
        },
        "servicePlans": plans,
    }

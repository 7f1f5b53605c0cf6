"""The switches at /__sim: no token, plain JSON, errors as one sentence."""

from collections.abc import Awaitable, Callable

import orjson
from aiohttp import web

from simulators.graph import by_hand, errors, tenant
from simulators.graph.errors import GraphError
from simulators.graph.faults import FaultError
from simulators.graph.notifications import LIFECYCLE_EVENTS
from simulators.graph.responses.managers import give_manager
from simulators.graph.responses.objects import patch_user
from simulators.graph.settings import SettingsError
from simulators.graph.wire import JsonObject
from simulators.graph.world import World

WRITTEN_BY_OTHERS = frozenset(
    {
        "assignedPlans",
        "imAddresses",
        "onPremisesSyncEnabled",
        "proxyAddresses",
        "signInActivity",
    }
)
"""By Exchange Online, Teams, Entra Connect and whoever signs in."""

type Answer = JsonObject | list[JsonObject]
type Switch = Callable[[web.Request], Awaitable[Answer]]
type ByHand = Callable[[World, web.Request, JsonObject], Awaitable[JsonObject]]

BY_HAND: tuple[tuple[str, str, ByHand], ...] = (
    ("POST", "groups/{group}/members", by_hand.add_member),
    ("DELETE", "groups/{group}/members/{member}", by_hand.remove_member),
    ("PUT", "users/{user}/license-errors", by_hand.order_license_errors),
    ("GET", "products/{product}", by_hand.get_product),
    ("PATCH", "products/{product}", by_hand.change_product),
    ("POST", "products/{product}/plans", by_hand.add_plan),
)


def control_routes(world: World) -> list[web.RouteDef]:
    """Return all switches of a world."""
    switches = Switches(world)
    table: tuple[tuple[str, str, Switch], ...] = (
        ("GET", "health", switches.health),
        ("GET", "tenant", switches.get_tenant),
        ("PUT", "tenant", switches.put_tenant),
        ("GET", "stats", switches.stats),
        ("POST", "stats/reset", switches.reset_stats),
        ("GET", "settings", switches.get_settings),
        ("PATCH", "settings", switches.patch_settings),
        ("POST", "permissions", switches.grant),
        ("GET", "faults", switches.get_faults),
        ("POST", "faults", switches.order_fault),
        ("DELETE", "faults", switches.clear_faults),
        ("POST", "clock", switches.move_clock),
        ("GET", "users/{user}", switches.get_user),
        ("PATCH", "users/{user}", switches.change_user),
        ("POST", "users/{user}/delete", switches.delete_user),
        ("POST", "expire-delta-tokens", switches.expire_delta_tokens),
        ("POST", "lifecycle", switches.send_lifecycle),
        ("GET", "notifications", switches.notifications),
    )
    table += tuple((method, path, _of(world, change)) for method, path, change in BY_HAND)
    return [web.route(method, f"/__sim/{path}", _json(switch)) for method, path, switch in table]


def _of(world: World, change: ByHand) -> Switch:
    async def switch(request: web.Request) -> Answer:
        return await change(world, request, await _object(request))

    return switch


def _json(switch: Switch) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def answer(request: web.Request) -> web.Response:
        try:
            return _response(200, await switch(request))
        except (SettingsError, FaultError, tenant.TenantError) as error:
            return _response(400, {"error": str(error)})
        except GraphError as error:
            return _response(error.status, {"error": error.message})

    return answer


def _response(status: int, document: Answer) -> web.Response:
    return web.Response(status=status, body=orjson.dumps(document), content_type="application/json")


async def _object(request: web.Request) -> JsonObject:
    try:
        document = orjson.loads(await request.read() or b"{}")
    except orjson.JSONDecodeError as error:
        raise SettingsError(f"the body is not JSON: {error}") from None
    if not isinstance(document, dict):
        raise SettingsError("the body must be a JSON object")
    return document


class Switches:
    """One method a switch."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def health(self, _: web.Request) -> Answer:
        """Say that we are here, and how many people there are."""
        directory = self._world.directory
        return {"status": "ok", "users": len(directory.users), "groups": len(directory.groups)}

    async def get_tenant(self, _: web.Request) -> Answer:
        """Return the tenant document as it is now."""
        return tenant.dump(self._world.directory)

    async def put_tenant(self, request: web.Request) -> Answer:
        """Load a tenant document, all or nothing."""
        self._world.load(tenant.tenant_from(await request.read()))
        return await self.health(request)

    async def stats(self, _: web.Request) -> Answer:
        """Return what was asked and what it cost."""
        return self._world.statistics()

    async def reset_stats(self, _: web.Request) -> Answer:
        """Count from zero."""
        self._world.reset_statistics()
        return self._world.statistics()

    async def get_settings(self, _: web.Request) -> Answer:
        """Return all settings."""
        return self._world.settings.model_dump()

    async def patch_settings(self, request: web.Request) -> Answer:
        """Change some settings, all or none of them."""
        self._world.settings.change(await _object(request))
        return self._world.settings.model_dump()

    async def grant(self, request: web.Request) -> Answer:
        """Set the application permissions the calling application has."""
        granted = (await _object(request)).get("granted")
        self._world.settings.change({"granted": granted})
        return {"granted": self._world.settings.granted}

    async def get_faults(self, _: web.Request) -> Answer:
        """Return the faults in force."""
        return self._world.faults.in_force()

    async def order_fault(self, request: web.Request) -> Answer:
        """Put a fault in force."""
        return self._world.faults.order(await _object(request)).model_dump()

    async def clear_faults(self, _: web.Request) -> Answer:
        """End all faults."""
        self._world.faults.clear()
        return []

    async def move_clock(self, request: web.Request) -> Answer:
        """Move time forward."""
        seconds = (await _object(request)).get("advance", 0)
        if not isinstance(seconds, int | float) or seconds < 0:
            raise SettingsError("'advance' must be a number of seconds, 0 or more")
        self._world.clock.advance(seconds)
        return {"now": self._world.clock.now()}

    async def get_user(self, request: web.Request) -> Answer:
        """Return all that is known of a user, with the groups they are in."""
        directory = self._world.directory
        user_id = directory.user_id(request.match_info["user"])
        if user_id not in directory.users:
            raise errors.not_found(request.match_info["user"])
        groups = list(directory.groups_of(user_id))
        shown = self._world.shapes.everything("users", directory.users[user_id])
        return shown | {"memberOf": groups}

    async def change_user(self, request: web.Request) -> Answer:
        """Change a user's properties, also those that other services write, and the manager."""
        changes = await _object(request)
        if "manager" in changes:
            manager = changes.pop("manager")
            if manager is not None and not (isinstance(manager, dict) and manager.get("id")):
                raise SettingsError("'manager' must be null or an object with an 'id'")
            manager_id = str(manager["id"]).lower() if manager else None
            give_manager(self._world, request.match_info["user"], manager_id)
        patch_user(self._world, request.match_info["user"], changes, WRITTEN_BY_OTHERS)
        return await self.get_user(request)

    async def delete_user(self, request: web.Request) -> Answer:
        """Put a user into the recycle bin."""
        directory = self._world.directory
        user_id = directory.user_id(request.match_info["user"])
        if user_id not in directory.users:
            raise errors.not_found(request.match_info["user"])
        directory.delete(user_id)
        return {"deleted": user_id}

    async def expire_delta_tokens(self, request: web.Request) -> Answer:
        """Make all tokens issued so far stale; choose how the service says so."""
        status = (await _object(request)).get("as", self._world.settings.delta_expired_as)
        self._world.settings.change({"delta_expired_as": status})
        self._world.directory.generation += 1
        return {"as": status}

    async def send_lifecycle(self, request: web.Request) -> Answer:
        """Send a lifecycle event to one subscription, or to all."""
        document = await _object(request)
        event = document.get("event")
        if event not in LIFECYCLE_EVENTS:
            raise SettingsError(f"'event' must be one of {', '.join(LIFECYCLE_EVENTS)}")
        subscriptions = self._world.subscriptions
        chosen = list(subscriptions)
        if "subscription" in document:
            chosen = [subscriptions.get(str(document["subscription"]))]
        for subscription in chosen:
            self._world.notifier.send_lifecycle(subscription, event)
            if event == "subscriptionRemoved":
                subscriptions.delete(subscription["id"])
        return {"sent": len(chosen)}

    async def notifications(self, _: web.Request) -> Answer:
        """Return what was delivered, what failed and what is on its way."""
        return self._world.notifications()

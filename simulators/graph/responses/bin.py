"""The recycle bin, and objects looked up by id whatever they are."""

from collections.abc import Callable

from simulators.graph import errors, permissions
from simulators.graph.changes import Kind
from simulators.graph.query import options
from simulators.graph.responses.collections import envelope, start_of
from simulators.graph.responses.members import CASTS
from simulators.graph.schema import SCHEMAS
from simulators.graph.wire import JsonObject, Request, Response, no_content
from simulators.graph.world import World

MOST_IDS = 1_000
TYPES: dict[str, Kind] = {"user": "users", "group": "groups"}
_READ = {"users": permissions.READ_USERS, "groups": permissions.READ_GROUPS}


def list_deleted(world: World, request: Request) -> Response:
    """GET /directory/deletedItems/microsoft.graph.user or .group."""
    cast = request.args["cast"]
    if cast not in CASTS:
        raise errors.unknown_segment(cast)
    kind, asked = CASTS[cast], options(request)
    permissions.require(world.settings.granted, permissions.READ_DELETED[kind])
    SCHEMAS[kind].check(asked.select)
    start = start_of(world, asked)
    items = [each.item for each in world.directory.deleted.values() if each.kind == kind]
    page = [world.shapes.one(kind, item, asked.select) for item in items[start:][: asked.top]]
    more = start + asked.top if len(items) > start + asked.top else None
    return envelope(world, request, kind, page, more, None)


def get_deleted(world: World, request: Request) -> Response:
    """GET /directory/deletedItems/{id}."""
    deleted = world.directory.deleted.get(request.args["item"].lower())
    if deleted is None:
        raise errors.not_found(request.args["item"])
    return Response(body=world.shapes.typed(deleted.kind, deleted.item))


def restore_deleted(world: World, request: Request) -> Response:
    """POST /directory/deletedItems/{id}/restore."""
    deleted = world.directory.deleted.get(request.args["item"].lower())
    if deleted is None:
        raise errors.not_found(request.args["item"])
    item = world.directory.restore(request.args["item"].lower())
    return Response(body=world.shapes.typed(deleted.kind, item))


def purge_deleted(world: World, request: Request) -> Response:
    """DELETE /directory/deletedItems/{id}: for good."""
    item_id = request.args["item"].lower()
    if item_id not in world.directory.deleted:
        raise errors.not_found(request.args["item"])
    world.directory.purge(item_id)
    return no_content()


def get_by_ids(world: World, request: Request) -> Response:
    """POST /directoryObjects/getByIds: those that exist, of the types asked for."""
    body = request.json()
    ids = body.get("ids")
    if not isinstance(ids, list) or len(ids) > MOST_IDS:
        raise errors.bad_request("The number of ids must be between 1 and 1000.")
    types = [str(name).lower() for name in body.get("types") or ("directoryobject",)]
    told = world.settings.by_ids
    names = request.query.get("$select", "").split(",") if told != "default" else ()
    select = tuple(filter(None, names))
    found = (_found(world, str(object_id).lower(), _wanted(types)) for object_id in ids)
    value = [_shown(world, kind, item, select) for kind, item in filter(None, found)]
    if told == "set":
        value = [{name: it for name, it in one.items() if it not in (None, [])} for one in value]
    context = f"{request.base_url}/$metadata#directoryObjects"
    return Response(body={"@odata.context": context, "value": value})


def _shown(world: World, kind: Kind, item: JsonObject, select: tuple[str, ...]) -> JsonObject:
    """Return an object; of one that the application may not read, type and id alone are told and
    all the rest is null (Graph docs: permissions-overview, limited information)."""
    shown = world.shapes.typed(kind, item, select)
    if permissions.may(world.settings.granted, _READ[kind]):
        return shown
    return {name: it if name in ("@odata.type", "id") else None for name, it in shown.items()}


def _wanted(types: list[str]) -> Callable[[Kind], bool]:
    kinds = {TYPES[name] for name in types if name in TYPES}
    return lambda kind: "directoryobject" in types or kind in kinds


def _found(
    world: World, object_id: str, wanted: Callable[[Kind], bool]
) -> tuple[Kind, JsonObject] | None:
    kinds: tuple[Kind, ...] = ("users", "groups")
    for kind in kinds:
        item = world.replica.get(kind, object_id)
        if item is not None and wanted(kind):
            return kind, item
    return None

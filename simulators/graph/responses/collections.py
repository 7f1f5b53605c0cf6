"""Pages of a collection, the same everywhere: `$select`, `$filter`, `$top`, `$count`, nextLink."""

from collections.abc import Iterable, Iterator
from itertools import islice

from simulators.graph import errors, sign_ins
from simulators.graph.changes import Kind
from simulators.graph.directory import manager_of
from simulators.graph.filters import Filter, parse_filter
from simulators.graph.query import Options, next_link, options
from simulators.graph.schema import SCHEMAS
from simulators.graph.shapes import FILTER_ONLY
from simulators.graph.wire import JsonObject, Request, Response
from simulators.graph.world import World

MOST_EXPANDED = 20  # Graph docs: query-parameters, expand

type Positioned = tuple[int, JsonObject]


def listed(world: World, request: Request, kind: Kind) -> Response:
    """Return one page of all users or all groups."""
    asked = checked_options(world, request, kind)
    wanted = _filter(asked, kind)
    start = start_of(world, asked)
    candidates = _matching(world, kind, wanted, start)
    page = list(islice(candidates, asked.top + 1))
    value = [_shown(world, kind, item, asked) for _, item in page[: asked.top]]
    total = None
    if asked.count and asked.skiptoken is None:
        total = sum(1 for _ in _matching(world, kind, wanted, 0))
    more = page[asked.top][0] if len(page) > asked.top else None
    return envelope(world, request, _context(kind, asked), value, more, total)


def counted(world: World, request: Request, kind: Kind) -> Response:
    """Return the bare number of users or groups."""
    if not request.consistency_eventual:
        raise errors.count_not_supported()
    asked = options(request)
    wanted = Filter(lambda _: True)
    if asked.filter:
        wanted = parse_filter(asked.filter, SCHEMAS[kind])
    total = sum(1 for _ in _matching(world, kind, wanted, 0))
    return Response(body=str(total))


def of_members(world: World, request: Request, object_ids: Iterable[Positioned]) -> Response:
    """Return one page of a mixed collection, whose objects carry their type."""
    asked = options(request)
    start = start_of(world, asked)
    counting = asked.count and asked.skiptoken is None
    wanted = (each for each in object_ids if each[0] >= start)
    objects = list(islice(wanted, None if counting else asked.top + 1))
    value = [_typed(world, item, asked) for _, item in objects[: asked.top]]
    total = len(objects) if counting else None
    more = objects[asked.top][0] if len(objects) > asked.top else None
    return envelope(world, request, "directoryObjects", value, more, total)


def envelope(
    world: World,
    request: Request,
    context: str,
    value: list[JsonObject],
    more: int | None,
    total: int | None,
) -> Response:
    """Return a collection with its context, its count and the way to the next page."""
    body: JsonObject = {"@odata.context": f"{request.base_url}/$metadata#{context}"}
    if total is not None:
        body["@odata.count"] = total
    if more is not None:
        body["@odata.nextLink"] = next_link(request, world.tokens.issue({"p": more}))
    return Response(body=body | {"value": value})


def checked_options(world: World, request: Request, kind: Kind) -> Options:
    """Return the query options of users or groups, with what they need granted."""
    asked = options(request)
    SCHEMAS[kind].check(name for name in asked.select if name != FILTER_ONLY)
    sign_ins.admit(world, request, asked)
    return asked


def start_of(world: World, asked: Options) -> int:
    """Return where the page asked for begins; raise the 400 for a token that is too old."""
    if asked.skiptoken is None:
        return 0
    content = world.tokens.read(asked.skiptoken, world.settings.page_token_ttl)
    if content is None:
        raise errors.expired_page_token()
    return int(content["p"])


def _filter(asked: Options, kind: Kind) -> Filter:
    if asked.filter is None:
        return Filter(lambda _: True)
    wanted = parse_filter(asked.filter, SCHEMAS[kind])
    if wanted.advanced and not asked.advanced:
        raise errors.needs_advanced_query(wanted.advanced)
    return wanted


def _matching(world: World, kind: Kind, wanted: Filter, start: int) -> Iterator[Positioned]:
    """Return positions and objects that pass, by way of an index where one helps."""
    for position, item in _candidates(world, kind, wanted, start):
        if wanted.license_errors is not None:
            failing = bool(world.seats.failing.get(item["id"]))
            if failing != wanted.license_errors:
                continue
        if wanted.test(item):
            yield position, item


def _candidates(world: World, kind: Kind, wanted: Filter, start: int) -> Iterator[Positioned]:
    ids = wanted.ids
    if ids is None and kind == "users" and wanted.sku and not world.replica.lagging:
        ids = frozenset(world.seats.holders.get(wanted.sku, ()))
    if ids is None:
        yield from world.replica.objects(kind, start)
        return
    order = world.directory.shelves[kind].order
    found = ((object_id, world.replica.get(kind, object_id)) for object_id in ids)
    placed = [(order.position(object_id), item) for object_id, item in found if item is not None]
    for position, item in sorted(placed, key=lambda each: each[0]):
        if position >= start:
            yield position, item


def _shown(world: World, kind: Kind, item: JsonObject, asked: Options) -> JsonObject:
    shown = world.shapes.one(kind, item, asked.select)
    if kind == "users" and "manager" in asked.expand:
        shown |= expanded_manager(world, item, asked.expand["manager"])
    if kind == "groups" and "owners" in asked.expand:
        shown |= expanded_owners(world, item, asked.expand["owners"])
    return shown


def expanded_manager(world: World, user: JsonObject, select: tuple[str, ...] = ()) -> JsonObject:
    """Return a user's manager for `$expand=manager`, nothing without one."""
    manager_id = manager_of(user)
    manager = world.replica.get("users", manager_id) if manager_id else None
    return {"manager": world.shapes.typed("users", manager, select)} if manager else {}


def expanded_owners(world: World, group: JsonObject, select: tuple[str, ...] = ()) -> JsonObject:
    """Return a group's owners for `$expand=owners`, as many as an expansion holds."""
    found = (world.replica.get("users", owner) for owner in owner_ids(world, group))
    owners = [world.shapes.typed("users", item, select) for item in found if item is not None]
    return {"owners": owners[:MOST_EXPANDED]}


def owner_ids(world: World, group: JsonObject) -> list[str]:
    """Return who owns a group; of groups from elsewhere Graph knows none."""
    elsewhere = group.get("onPremisesSyncEnabled") or (
        group.get("mailEnabled") and "Unified" not in group.get("groupTypes", ())
    )
    return [] if elsewhere else [owner.lower() for owner in group.get("owners", ())]


def _typed(world: World, item: JsonObject, asked: Options) -> JsonObject:
    kind = world.directory.kind_of(item["id"]) or "users"
    return world.shapes.typed(kind, item, asked.select)


def _context(kind: Kind, asked: Options) -> str:
    return f"{kind}({','.join(asked.select)})" if asked.select else kind

"""The organization (Graph docs: organization-list).

Whoever may read only people gets its id, its name and its verified domains, and null for the rest.
"""

from simulators.graph.query import options
from simulators.graph.wire import Request, Response
from simulators.graph.world import World

_FOR_ALL = frozenset({"id", "displayName", "verifiedDomains"})
_WHOLE = frozenset({"Organization.Read.All", "Directory.Read.All"})


def get_organization(world: World, request: Request) -> Response:
    """GET /organization: a collection of one."""
    context = f"{request.base_url}/$metadata#organization"
    shown = dict(world.directory.organization)
    if _WHOLE.isdisjoint(world.settings.granted):
        shown = {name: value if name in _FOR_ALL else None for name, value in shown.items()}
    select = options(request).select
    if select:
        shown = {name: shown.get(name) for name in select}
    return Response(body={"@odata.context": context, "value": [shown]})

"""Route templates match, refuse and rank as ASP.NET's do."""

import pytest

from local.host.bindings import HttpTrigger
from local.host.errors import HostError
from local.host.routes import BadRouteError, Route
from local.host.web import read_endpoints

GUID = "0b9f2f3c-6f0e-4a86-9c8e-1d2f3a4b5c6d"


@pytest.mark.parametrize(
    ("template", "path", "values"),
    [
        ("users/{id}", "/api/users/Ada", {"id": "Ada"}),
        ("users/{id}", "/API/Users/Ada/", {"id": "Ada"}),
        ("users/{id}", "/api/users", None),
        ("users/{id:guid}", f"/api/users/{GUID}", {"id": GUID}),
        ("users/{id:guid}", "/api/users/7", None),
        ("pages/{n:int:min(1)}", "/api/pages/3", {"n": "3"}),
        ("pages/{n:int:min(1)}", "/api/pages/0", None),
        ("pages/{n:range(1,9)?}", "/api/pages", {}),
        ("names/{name:alpha:length(2,4)}", "/api/names/Ada", {"name": "Ada"}),
        ("names/{name:alpha:length(2,4)}", "/api/names/Augusta", None),
        ("list/{page=1}", "/api/list", {"page": "1"}),
        ("list/{page=1}", "/api/list/2", {"page": "2"}),
        ("files/{name}.{ext}", "/api/files/a.b.csv", {"name": "a", "ext": "b.csv"}),
        ("raw/{*rest}", "/api/raw/a/b/c", {"rest": "a/b/c"}),
        ("raw/{*rest}", "/api/raw", {}),
        ("", "/api", {}),
    ],
)
def test_a_path_gives_its_parameters_or_does_not_match(
    template: str, path: str, values: dict[str, str] | None
) -> None:
    assert Route.read("api", template).match(path) == values


def test_the_more_literal_template_wins_segment_by_segment() -> None:
    templates = ["{*rest}", "a/{x}", "a/{x:int}", "a/b", "{y}/b", "a/p{x}"]

    ranked = sorted(templates, key=lambda template: Route.read("", template).precedence)

    assert ranked == ["a/b", "a/p{x}", "a/{x:int}", "a/{x}", "{y}/b", "{*rest}"]


@pytest.mark.parametrize(
    "template",
    [
        "a/{x:even}",
        "a/{x:min(b)}",
        "a/{x:range(1)}",
        "a/{x:int(3)}",
        "a/{x",
        "a/{}",
        "{x}/{X}",
        "a?",
    ],
)
def test_a_template_that_cannot_be_read_is_refused(template: str) -> None:
    with pytest.raises(BadRouteError):
        Route.read("api", template)


def trigger(function: str, route: str, *methods: str) -> HttpTrigger:
    return HttpTrigger(function, route, frozenset(methods), "anonymous")


def test_two_functions_on_one_route_and_method_are_refused_by_their_names() -> None:
    pair = [trigger("show", "people/{id}", "GET", "HEAD"), trigger("list", "People/{name}", "GET")]

    with pytest.raises(HostError, match="'show' and 'list' both answer GET /api/People/"):
        read_endpoints(pair, "api")


def test_a_function_without_methods_answers_all_and_clashes_with_any() -> None:
    with pytest.raises(HostError, match="both answer PUT"):
        read_endpoints([trigger("any", "x"), trigger("put", "x", "PUT")], "api")


def test_two_functions_share_a_route_by_method_or_constraint() -> None:
    shared = [
        trigger("get", "x/{id}", "GET"),
        trigger("put", "x/{id}", "PUT"),
        trigger("number", "x/{id:int}", "GET"),
    ]

    names = [endpoint.trigger.function for endpoint in read_endpoints(shared, "api")]

    assert names[0] == "number"

"""An HTTP request as the .NET host puts it on the wire, with what it drops on the way.

Source: azure-functions-host, GrpcMessageConversionExtensions.ToRpcHttp, for the capabilities that
the Python worker announces.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from local.host.protos import protos

type Pairs = Iterable[tuple[str, str]]


def http_request(
    method: str,
    url: str,
    *,
    headers: Mapping[str, str] | Pairs = (),
    query: Mapping[str, str] | Pairs = (),
    route: Mapping[str, str] | None = None,
    body: bytes | str | Any = b"",
) -> Any:
    """Return the trigger data of an HTTP function.

    `route` holds the route's parameters by name. A body that is neither bytes nor str is sent as
    JSON. A path alone will do for `url`; what it has after "?" is added to `query`.
    """
    content = body if isinstance(body, bytes) else _encoded(body)
    asked = [*_pairs(query), *parse_qsl(urlsplit(url).query, keep_blank_values=True)]
    return rpc_http(method, _absolute(url, query), _pairs(headers), asked, route or {}, content)


def rpc_http(
    method: str, url: str, headers: Pairs, query: Pairs, route: Mapping[str, str], body: bytes
) -> Any:
    """Return the message: names of headers in lower case, repeated values joined by a comma.

    Lost on the way: query parameters without a value, and the difference between no body and an
    empty one.
    """
    http = protos.RpcHttp(method=method, url=url, params=dict(route))
    for name, value in _joined((name.lower(), value) for name, value in headers).items():
        http.headers[name] = value
    for name, value in _joined(query).items():
        if value:
            http.query[name] = value
    if body:
        http.body.bytes = body
    return protos.TypedData(http=http)


def _encoded(body: Any) -> bytes:
    return (body if isinstance(body, str) else json.dumps(body)).encode()


def _pairs(given: Mapping[str, str] | Pairs) -> list[tuple[str, str]]:
    return list(given.items() if isinstance(given, Mapping) else given)


def _absolute(url: str, query: Mapping[str, str] | Pairs) -> str:
    whole = url if "://" in url else f"http://localhost:7071{url}"
    if more := urlencode(_pairs(query)):
        whole += ("&" if "?" in whole else "?") + more
    return whole


def _joined(pairs: Pairs) -> dict[str, str]:
    joined: dict[str, str] = {}
    for name, value in pairs:
        joined[name] = f"{joined[name]},{value}" if name in joined else value
    return joined

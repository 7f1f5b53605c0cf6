"""What importing the app costs, and where the SDKs may live."""

import ast
import json
import subprocess
import sys
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
SAMPLE = json.loads((ROOT / "local.settings.sample.json").read_text())["Values"]


def test_loading_the_app_imports_no_sdk() -> None:
    code = "import sys, function_app; print('\\n'.join(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=SAMPLE,
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = set(done.stdout.split())
    heavy = {
        "azure.core",
        "azure.identity",
        "azure.servicebus",
        "msgraph_core",
        "pyarrow",
        "aiohttp",
    }
    assert not loaded & heavy


def test_azure_functions_lives_in_functions_and_nowhere_else() -> None:
    importers = {
        path.relative_to(ROOT).parts[0]
        for folder in ("adapters", "domain", "functions", "simulators")
        for path in (ROOT / folder).rglob("*.py")
        if any(name.startswith("azure.functions") for name in _imports(path))
    }
    assert importers == {"functions"}


def test_there_is_one_way_to_graph_and_every_request_on_it_is_checked() -> None:
    """So what `client.send` refuses, a DELETE without `/$ref` above all, no code can send."""
    speaks, connects, carries, between = set(), set(), set(), set()
    for path in (ROOT / "adapters").rglob("*.py"):
        name, imports = path.relative_to(ROOT).as_posix(), _imports(path)
        roots = {each.partition(".")[0] for each in imports}
        if roots & {"kiota_abstractions", "kiota_http", "msgraph", "msgraph_core"}:
            speaks.add(name)
        if name.startswith("adapters/graph/") and roots & {"aiohttp", "http", "httpx", "requests"}:
            speaks.add(name)
        if "adapters.graph.connection" in imports:
            connects.add(name)
        if "adapters.graph.wire" in imports:
            carries.add(name)
        if "adapters.graph.middleware" in imports:
            between.add(name)
    connection, middleware = "adapters/graph/connection.py", "adapters/graph/middleware.py"
    assert speaks == {connection, middleware, "adapters/graph/wire.py"}
    assert carries == {connection, middleware}
    assert between == {connection}
    assert connects == {"adapters/graph/client.py"}

    sends = [
        node
        for node in ast.walk(ast.parse((ROOT / "adapters/graph/client.py").read_text()))
        if isinstance(node, ast.AsyncFunctionDef) and "self._connected()" in ast.unparse(node)
    ]
    assert [node.name for node in sends] == ["send"]
    _docstring, first, *_ = sends[0].body
    assert ast.unparse(first) == "refuse_other_deletions(method, url, body)"


def test_the_domain_reads_no_clock_and_no_environment() -> None:
    for path in (ROOT / "domain").rglob("*.py"):
        names = _imports(path)
        assert not names & {"os", "time", "random", "secrets", "uuid", "logging"}, path


@cache
def _imports(path: Path) -> set[str]:
    tree = ast.parse(path.read_text())
    found = {
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for alias in node.names
    }
    return found | {
        node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module
    }

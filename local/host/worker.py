"""The one app of this process, in Microsoft's worker library, driven as Azure drives it."""

import json
import sys
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Self

import azure_functions_runtime as runtime

from local.host.errors import HostError
from local.host.outcome import Outcome, plain
from local.host.protos import protos

# What the .NET host says of itself; these decide how HTTP bodies and collections are put on the
# wire.
_HOST_VERSION = "4.1037.0"
_HOST_CAPABILITIES = {"RpcHttpBodyOnly": "true", "TypedDataCollection": "true"}


@dataclass(frozen=True)
class Function:
    """An indexed function: its bindings as the app declared them and its retry policy, if any."""

    name: str
    id: str
    bindings: tuple[Mapping[str, Any], ...]
    retry: Any = None

    @property
    def trigger(self) -> Mapping[str, Any]:
        """The binding that starts the function."""
        return next(b for b in self.bindings if str(b["type"]).lower().endswith("trigger"))


@dataclass(frozen=True)
class _Request:
    """What Azure's proxy hands to the library: a message and how to build answers."""

    name: str
    request: Any
    properties: Mapping[str, Any]


class Worker:
    """The library with one app in it; `start` makes it, `invoke` runs a function."""

    # The library keeps its state in module globals, so a second app would see the first one's
    # functions.
    _app_of_this_process: ClassVar[Path | None] = None

    def __init__(self, running: dict[str, str]) -> None:
        self.functions: dict[str, Function] = {}
        self._running = running

    @classmethod
    async def start(cls, app_dir: Path | str, running: dict[str, str] | None = None) -> Self:
        """Index the app in this folder and return the worker that holds it.

        `running` is kept as a map from the ids of running invocations to their functions' names.
        Raises HostError with the app's traceback if it does not index, or if this process has an
        app.
        """
        folder = Path(app_dir).resolve()  # noqa: ASYNC240 (nothing else runs yet)
        if cls._app_of_this_process:
            taken = cls._app_of_this_process
            raise HostError(
                f"This process already holds the app in {taken}; {folder} needs its own."
            )
        if not (folder / "function_app.py").exists():
            raise HostError(f"There is no function_app.py in {folder}.")
        cls._app_of_this_process = folder
        worker = cls({} if running is None else running)
        await worker._index(folder)
        return worker

    def stop(self) -> None:
        """Let go of the threads that synchronous functions run in."""
        runtime.stop_threadpool_executor()

    async def invoke(
        self,
        name: str,
        data: Any,
        metadata: Mapping[str, Any] | None = None,
        *,
        retry: tuple[int, int] = (0, 0),
        trace_parent: str = "",
    ) -> Outcome:
        """Run a function on trigger data as the host sends it; what it raises is in the outcome.

        `retry` is (this retry, retries allowed). Raises KeyError for a function the app does not
        have.
        """
        function = self.functions[name]
        invocation_id = str(uuid.uuid4())
        argument = protos.ParameterBinding(name=function.trigger["name"], data=data)
        request = protos.InvocationRequest(
            invocation_id=invocation_id,
            function_id=function.id,
            input_data=[argument],
            trigger_metadata=metadata or {},
            trace_context=protos.RpcTraceContext(trace_parent=trace_parent),
            retry_context=protos.RetryContext(retry_count=retry[0], max_retry_count=retry[1]),
        )
        with self._attributed(invocation_id, name):
            response = await runtime.invocation_request(_ask(invocation_request=request))
        return _outcome(name, invocation_id, response)

    @contextmanager
    def _attributed(self, invocation_id: str, name: str) -> Iterator[None]:
        # The library names the invocation for synchronous functions only.
        token = runtime.invocation_id_cv.set(invocation_id)
        self._running[invocation_id] = name
        try:
            yield
        finally:
            del self._running[invocation_id]
            runtime.invocation_id_cv.reset(token)

    async def _index(self, folder: Path) -> None:
        sys.path.insert(0, str(folder))
        runtime.start_threadpool_executor()
        greeting = protos.WorkerInitRequest(
            host_version=_HOST_VERSION,
            capabilities=_HOST_CAPABILITIES,
            function_app_directory=str(folder),
        )
        _require(await runtime.worker_init_request(_ask(worker_init_request=greeting)))
        question = protos.FunctionsMetadataRequest(function_app_directory=str(folder))
        indexed = await runtime.functions_metadata_request(
            _ask(functions_metadata_request=question)
        )
        _require(indexed)
        for found in indexed.function_metadata_results:
            load = protos.FunctionLoadRequest(function_id=found.function_id, metadata=found)
            _require(await runtime.function_load_request(_ask(function_load_request=load)))
            self.functions[found.name] = _function(found)


def _ask(**content: Any) -> _Request:
    (name,) = content
    message = protos.StreamingMessage(request_id=str(uuid.uuid4()), **content)
    return _Request(name, message, {"protos": protos, "host": "127.0.0.1"})


def _require(response: Any) -> None:
    result = response.result
    if result.status != protos.StatusResult.Success:
        why = result.exception.message
        raise HostError(f"The app does not index: {why}", trace=result.exception.stack_trace)


def _function(found: Any) -> Function:
    bindings = tuple(json.loads(binding) for binding in found.raw_bindings)
    retry = found.retry_options if found.HasField("retry_options") else None
    return Function(found.name, found.function_id, bindings, retry)


def _outcome(name: str, invocation_id: str, response: Any) -> Outcome:
    result = response.result
    if result.status != protos.StatusResult.Success:
        message, stack = result.exception.message, result.exception.stack_trace
        return Outcome(name, invocation_id, error=message or "failed", traceback=stack)
    outputs = {output.name: plain(output.data) for output in response.output_data}
    return Outcome(name, invocation_id, plain(response.return_value), outputs)

"""HTTP clients for the processes of the local stack, patient while these are restarted."""

import asyncio
import time
from collections.abc import Mapping
from http import HTTPStatus
from types import TracebackType
from typing import Any, Self

import aiohttp

from local.answers import Diagnosis, Run, Status
from local.errors import Refused

_POLL_S = 0.2
_ANSWER_S = 60


class _NotNow(Exception):
    """The answer was 503: the process is there, and asks to be asked again."""


class Web:
    """HTTP to one of the stack's processes, with patience while it is being restarted."""

    def __init__(self, url: str, patience_s: float = 30.0, token: str = "") -> None:
        self._url = url
        self._patience_s = patience_s
        shown = {"Authorization": f"Bearer {token}"} if token else {}
        timeout = aiohttp.ClientTimeout(total=_ANSWER_S)
        self._session = aiohttp.ClientSession(timeout=timeout, headers=shown)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._session.close()

    async def ask(self, method: str, path: str, **arguments: Any) -> Any:
        """Send one request; return the JSON of the answer, or None where there is none.

        Raises:
            Refused: any status from 400 on, with the sentences of the answer; or no answer, or
                none but 503, for `patience_s` seconds.
        """
        deadline = time.monotonic() + self._patience_s
        while True:
            try:
                return await self._ask(method, path, **arguments)
            except (aiohttp.ClientConnectionError, TimeoutError, _NotNow) as error:
                if time.monotonic() > deadline:
                    raise Refused(f"{method} {self._url}{path}: no answer: {error}") from error
                await asyncio.sleep(_POLL_S)

    async def _ask(self, method: str, path: str, **arguments: Any) -> Any:
        async with self._session.request(method, self._url + path, **arguments) as response:
            text = await response.text()
            kind = response.content_type
            body = await response.json() if text and kind.endswith("json") else None
            if response.status == HTTPStatus.SERVICE_UNAVAILABLE:
                raise _NotNow(_complaint(body, text))
            if response.status >= HTTPStatus.BAD_REQUEST:
                raise Refused(f"{method} {path}: {response.status}: {_complaint(body, text)}")
            return body


class Api(Web):
    """The functions host's own surface, as far as the local stack needs it."""

    async def push(self, files: Mapping[str, str]) -> None:
        """Validate and store policy files, by name: all of them, or none."""
        headers = {"X-Seatflow-By": "make local"}
        await self.ask("PUT", "/api/v1/bundles", json={"files": dict(files)}, headers=headers)

    async def store_bundle(self, bundle: str, text: str) -> None:
        """Validate and store one bundle, given as YAML."""
        headers = {"Content-Type": "application/yaml"}
        await self.ask("PUT", f"/api/v1/bundles/{bundle}", data=text.encode(), headers=headers)

    async def start_run(self) -> str:
        """Start a run of inventory and compile; return its id."""
        answer = await self.ask("POST", "/api/v1/runs")
        return str(answer["run"])

    async def run(self, run: str) -> Run:
        """Return how far a run has come."""
        return Run.model_validate(await self.ask("GET", f"/api/v1/runs/{run}"))

    async def status(self) -> Status:
        """Return where every bundle stands."""
        return Status.model_validate(await self.ask("GET", "/api/v1/status"))

    async def doctor(self) -> Diagnosis:
        """Return what is wrong with what the host rests on."""
        return Diagnosis.model_validate(await self.ask("GET", "/api/v1/doctor"))

    async def fire(self, function: str) -> None:
        """Run a timer function now (Functions docs: manually run a non HTTP-triggered function)."""
        await self.ask("POST", f"/admin/functions/{function}", json={})


def _complaint(body: Any, text: str) -> str:
    match body:
        case {"errors": [*sentences]}:
            return "; ".join(map(str, sentences))
        case {"error": {"message": str(sentence)}} | {"error": str(sentence)}:
            return sentence
        case _:
            return text.strip() or "no reason given"

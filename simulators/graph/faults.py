"""Bad days to order: an answer that is an error, half an answer, none, or one too late."""

import random
import re
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from simulators.graph import errors
from simulators.graph.errors import GraphError
from simulators.graph.wire import JsonObject, Request

type Cut = Literal["half", "none", "timeout"]


class FaultError(Exception):
    """The ordered fault makes no sense; the message is one sentence."""


class Fault(BaseModel):
    """What goes wrong: requests whose "METHOD /path" the pattern finds, `times` times.

    `when` "after": the work is done and the client is told otherwise. `in_batch`: items of a
    `$batch` are meant, and only those.
    """

    model_config = ConfigDict(extra="forbid")

    match: str = ""
    status: Annotated[int, Field(ge=400, le=599)] = 503
    times: Annotated[int, Field(gt=0)] | None = None
    share: Annotated[float, Field(gt=0, le=1)] = 1
    retry_after: int | float | str | None = None
    code: str | None = None
    message: str | None = None
    body: Cut | None = None
    in_batch: bool = False
    when: Literal["before", "after"] = "before"

    @field_validator("match")
    @classmethod
    def _compiles(cls, pattern: str) -> str:
        try:
            re.compile(pattern)
        except re.error as error:
            raise ValueError(f"is no regular expression: {error}") from None
        return pattern

    def error(self) -> GraphError:
        """Return the error the client is told."""
        error = errors.of_status(self.status)
        error.code = self.code or error.code
        error.message = self.message or error.message
        if self.retry_after is not None:
            error.headers["Retry-After"] = str(self.retry_after)
        return error


class CutShort(Exception):
    """The connection ends here, in one of the ways connections end."""

    def __init__(self, how: Cut) -> None:
        super().__init__(how)
        self.how = how


class Faults:
    """The faults in force."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._faults: list[Fault] = []

    def order(self, document: JsonObject) -> Fault:
        """Put a fault in force; raise FaultError."""
        try:
            fault = Fault.model_validate(document)
        except ValidationError as error:
            first = error.errors()[0]
            place = ".".join(str(part) for part in first["loc"])
            raise FaultError(f"fault {place}: {first['msg']}") from None
        self._faults.append(fault)
        return fault

    def clear(self) -> None:
        """End all faults."""
        self._faults.clear()

    def in_force(self) -> list[JsonObject]:
        """Return the faults that can still happen."""
        return [fault.model_dump() for fault in self._faults]

    def strike(self, request: Request, when: Literal["before", "after"]) -> None:
        """Raise if a fault meets this request."""
        for fault in self._faults:
            if fault.when == when and self._meets(fault, request):
                self._use_up(fault)
                if fault.body and not request.batched:
                    raise CutShort(fault.body)
                raise fault.error()

    def _meets(self, fault: Fault, request: Request) -> bool:
        if fault.in_batch != request.batched:
            return False
        if not re.search(fault.match, f"{request.method} {request.path}"):
            return False
        return fault.share >= 1 or self._rng.random() < fault.share

    def _use_up(self, fault: Fault) -> None:
        if fault.times is not None:
            fault.times -= 1
            if fault.times == 0:
                self._faults.remove(fault)

import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import pytest
from typer.testing import CliRunner, Result

from cli.app import app
from tests.unit.cli.stub import Stub, serving

_UNSET = (
    *("SEATFLOW_URL", "SEATFLOW_SCOPE"),
    *("SEATFLOW_CERTIFICATE", "SEATFLOW_CERTIFICATE_KEY"),
)


class Seatflow(Protocol):
    def __call__(self, command: str, *more: str, **environment: str) -> Result: ...


def run(command: str, *more: str, stdin: str = "", **environment: str) -> Result:
    """Run a command line in this process; the environment names no service unless told to."""
    env = dict.fromkeys(_UNSET) | environment
    result = CliRunner().invoke(app, [*shlex.split(command), *more], input=stdin, env=env)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


@pytest.fixture
def stub() -> Iterator[Stub]:
    with serving() as stub:
        yield stub


@pytest.fixture
def seatflow(stub: Stub) -> Seatflow:
    """Run a command line against the stub."""

    def against_the_stub(command: str, *more: str, **environment: str) -> Result:
        return run(command, *more, **{"SEATFLOW_URL": stub.url, **environment})

    return against_the_stub


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one policy file."""
    place = tmp_path / "policy"
    place.mkdir()
    (place / "m365-e5.yaml").write_text("id: m365-e5\n")
    return place

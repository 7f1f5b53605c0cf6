"""An app the host cannot run is refused in a sentence that names what is wrong, by exit code."""

import socket
from pathlib import Path

import pytest

from local.host.errors import HostError
from local.host.worker import Worker
from tests.host.processes import RunningHost, failed_start, write_app

BUS = (
    "Endpoint=sb://127.0.0.1:1;SharedAccessKeyName=a;SharedAccessKey=b;UseDevelopmentEmulator=true"
)

QUEUE = """
@app.service_bus_queue_trigger(arg_name="m", queue_name="q", connection="Bus")
def work(m: {annotation}) -> None: ...
"""
TIMER = """
@app.timer_trigger(arg_name="t", schedule="{schedule}")
def tick(t: func.TimerRequest) -> None: ...
"""
ROUTE = """
@app.route(route="same", methods=["GET"])
def {name}(req: func.HttpRequest) -> str: ...
"""
OUTPUT = """
@app.route(route="x")
@app.queue_output(arg_name="out", queue_name="q", connection="Storage")
def send(req: func.HttpRequest, out: func.Out[str]) -> str: ...
"""


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        (
            QUEUE.format(annotation="func.ServiceBusMessage"),
            "Function 'work', property connection: neither Bus nor Bus__fullyQualifiedNamespace",
        ),
        (
            TIMER.format(schedule="0 61 * * * *"),
            "Function 'tick', schedule '0 61 * * * *': the minute",
        ),
        (OUTPUT, "Function 'send', binding 'out': type 'queue', direction 'out'"),
    ],
)
def test_what_cannot_be_run_is_refused_in_one_sentence(
    tmp_path: Path, source: str, sentence: str
) -> None:
    code, said = failed_start(write_app(tmp_path / "app", source))

    assert code == 3
    assert sentence in said.splitlines()[-1]
    assert "Traceback" not in said


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("import nothing_of_this_name", "No module named 'nothing_of_this_name'"),
        (ROUTE.format(name="one") * 2, "does not have a unique function name"),
        (QUEUE.format(annotation="list[func.ServiceBusMessage]"), "invalid non-type annotation"),
    ],
)
def test_an_app_that_does_not_index_is_refused_with_its_traceback(
    tmp_path: Path, source: str, sentence: str
) -> None:
    code, said = failed_start(write_app(tmp_path / "app", source), Bus=BUS)

    assert code == 3
    assert "The app does not index: " in said
    assert sentence in said
    assert "Traceback" in said


async def test_a_folder_without_an_app_is_refused(tmp_path: Path) -> None:
    with pytest.raises(HostError, match=r"There is no function_app\.py in"):
        await Worker.start(tmp_path)


def test_a_port_already_taken_is_told_in_one_sentence(tmp_path: Path) -> None:
    app = write_app(tmp_path / "app", "print('the app ran')")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        code, said = failed_start(app, "--port", str(port))

    assert code == 2
    sentence = f"Port {port} cannot be listened on: Address already in use"
    assert said == f"{sentence}; choose another with --port."


def test_the_app_finds_its_settings_and_its_files_from_its_own_folder(tmp_path: Path) -> None:
    source = """
print("setting:", os.environ["ONLY_IN_FILE"], os.environ["IN_BOTH"])
print("file:", json.load(open("host.json"))["version"])
"""
    settings = {"ONLY_IN_FILE": "file", "IN_BOTH": "file"}
    app = write_app(tmp_path / "app", source, settings=settings)

    with RunningHost(app, env={"IN_BOTH": "environment"}) as host:
        host.ready()

        assert host.found("setting: file environment")
        assert host.found("file: 2.0")


def test_without_a_key_in_the_settings_one_is_made_and_shown(tmp_path: Path) -> None:
    host_json = {"extensions": {"http": {"routePrefix": ""}}}
    source = '@app.route(route="x")\ndef x(req: func.HttpRequest) -> str: return "here"'
    app = write_app(tmp_path / "app", source, host_json=host_json)

    with RunningHost(app, "--enable-auth") as host:
        key = host.ready().found("^Host key: ")[0].split()[-1]

        assert host.call("/x").status == 401
        assert host.call("/x", headers={"x-functions-key": key}).body == b"here"

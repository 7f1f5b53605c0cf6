"""How the command and the service come together, and what is said when they do not."""

import getpass
import re
import socket
from pathlib import Path

import pytest

from cli.address import read_address
from cli.errors import WrongInput
from cli.wire import unreached
from tests.unit.cli.conftest import Seatflow, run
from tests.unit.cli.samples import controls, status
from tests.unit.cli.stub import Answer, Stub, errors


def test_no_service_at_all_is_wrong_use() -> None:
    result = run("status")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == (
        "seatflow: Which service? Give --url or --local, or set SEATFLOW_URL.\n"
    )


def test_a_url_and_the_local_stack_are_two_services() -> None:
    result = run("--url https://example.net status --local")
    assert result.exit_code == 2
    assert "two services" in result.stderr


@pytest.mark.parametrize(
    "url",
    [
        "example.net",
        "ftp://example.net",
        "https://",
        "https://example.net?code=secret",
        "https://ada:secret@example.net",
        "http://[::1",
        "http://127.0.0.1:99999",
    ],
)
def test_what_is_no_url_of_a_service_is_said_to_be_none(url: str) -> None:
    result = run("status", "--url", url)
    assert result.exit_code == 2
    assert "URL" in result.stderr
    assert "secret" not in result.stderr


@pytest.mark.parametrize("end", ["", "/", "/api", "/api/v1", "/api/v1/"])
def test_the_url_may_end_where_people_copy_it(end: str) -> None:
    assert read_address(f"https://example.net{end}").of("/status") == (
        "https://example.net/api/v1/status"
    )


def test_the_token_of_a_local_stack_is_found_and_travels_to_nobody_else(
    stub: Stub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stub.answer("GET", "/status", status())
    port = stub.url.rpartition(":")[2]
    file = tmp_path / ".local" / "live" / port / "token"
    file.parent.mkdir(parents=True)
    monkeypatch.chdir(tmp_path)

    assert run("status", "--port", port).exit_code == 0
    assert "authorization" not in {name.lower() for name in stub.last.headers}
    file.write_text("sesame")
    assert run("status", "--port", port).exit_code == 0
    assert "Bearer sesame" in stub.last.headers.values()
    assert run("status", "--url", stub.url).exit_code == 0
    assert "authorization" not in {name.lower() for name in stub.last.headers}


def test_options_stand_in_front_of_the_command_or_behind_it(stub: Stub) -> None:
    stub.answer("GET", "/status", status())
    assert (
        run(f"--url {stub.url} --json status").stdout
        == run(f"status --json --url {stub.url}").stdout
    )


def test_the_option_beats_the_environment(stub: Stub) -> None:
    stub.answer("GET", "/status", status())
    assert run(f"status --url {stub.url}", SEATFLOW_URL="http://127.0.0.1:1").exit_code == 0


def test_nobody_at_the_url_is_a_sentence() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        result = run(f"status --port {port}")
    assert (result.exit_code, result.stdout) == (4, "")
    assert result.stderr.startswith(f"seatflow: There is no service at http://127.0.0.1:{port}: ")
    assert result.stderr.endswith("Is `make local` running?\n")
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("url", ["https://127.0.0.1:1", "http://localhost:1", "https://a.invalid"])
def test_why_nobody_is_reached_is_said_in_words(url: str) -> None:
    said = run(f"status --url {url}").stderr
    assert said.startswith(f"seatflow: There is no service at {url}: ")
    assert not re.search(r"ssl|\[|\(|Errno", said)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Cannot connect to host a:443 ssl:default [Multiple exceptions: [Errno 111] x]", "Conn"),
        ("Cannot connect to host a:443 ssl:True [SSLCertVerificationError: x]", "SSLCert"),
        ("Server disconnected", "Server disconnected"),
    ],
)
def test_the_words_of_the_http_library_go(text: str, said: str) -> None:
    cause = OSError(text) if "Errno" in text else None
    assert unreached(_Unreached(text, cause)).startswith(said)


class _Unreached(Exception):
    def __init__(self, text: str, os_error: OSError | None) -> None:
        super().__init__(text)
        self.os_error = os_error


def test_a_busy_service_is_asked_again(seatflow: Seatflow, stub: Stub) -> None:
    busy = errors("The storage is busy.", status=503, Retry_After="0")
    stub.answer("GET", "/status", busy, busy, status())
    result = seatflow("status")
    assert result.exit_code == 0
    assert result.stderr.count("asks to be asked again") == 2
    assert len(stub.asked) == 3


def test_a_service_that_stays_busy_is_given_up(seatflow: Seatflow, stub: Stub) -> None:
    stub.answer("GET", "/status", errors("The storage is busy.", status=503, Retry_After="0"))
    result = seatflow("status")
    assert result.exit_code == 4
    assert "The storage is busy. (The service is busy. Try again later.)" in result.stderr
    assert len(stub.asked) == 4


def test_nobody_waits_for_an_hour(seatflow: Seatflow, stub: Stub) -> None:
    stub.answer("GET", "/status", errors("Graph is closed.", status=503, Retry_After="3600"))
    assert seatflow("status").exit_code == 4
    assert len(stub.asked) == 1


@pytest.mark.parametrize(
    ("answer", "code", "said"),
    [
        (Answer("", 401), 3, "does not know you (401). Sign in with `az login`"),
        (Answer("", 403), 3, "does not let you in (403)"),
        (Answer("", 302, {"Location": "https://login.example/"}), 3, "https://login.example/"),
        (Answer("<h1>Not Found</h1>", 404), 3, "answers 404, and not as Seatflow does"),
        (Answer("<h1>Welcome</h1>"), 3, "answers, and not as Seatflow does"),
        (Answer({"people": 3}), 3, "does not understand (bundles: Field required)"),
        (Answer("", 502), 4, "is not up (502)"),
        (Answer("", 500), 3, "answers 500"),
        (errors("The app lacks Group.Read.All.", status=502), 3, "lacks Group.Read.All."),
        (errors("One.", "Two.", status=409), 3, "One.\nTwo."),
    ],
)
def test_every_refusal_is_a_sentence_and_a_code(
    seatflow: Seatflow, stub: Stub, answer: Answer, code: int, said: str
) -> None:
    stub.answer("GET", "/status", answer)
    result = seatflow("status")
    assert (result.exit_code, result.stdout) == (code, "")
    assert said in result.stderr
    assert result.stderr.startswith("seatflow: ")
    assert "Traceback" not in result.stderr


def test_the_name_that_is_given_travels(seatflow: Seatflow, stub: Stub) -> None:
    stub.answer("DELETE", "/pause", controls())
    seatflow("resume --by", "Ada Brandt")
    assert stub.last.headers["x-seatflow-by"] == "Ada Brandt"
    seatflow("resume")
    assert "x-seatflow-by" not in stub.last.headers


def test_who_is_asked_for_a_name_is_told_how_to_give_it(seatflow: Seatflow, stub: Stub) -> None:
    stub.answer("DELETE", "/pause", errors("Name yourself in the header X-Seatflow-By."))
    assert seatflow("resume").stderr.endswith("X-Seatflow-By. For this command: --by NAME.\n")
    assert "--by" not in seatflow("resume --by Ada").stderr


def test_on_the_local_stack_people_are_who_they_are_to_their_machine(stub: Stub) -> None:
    stub.answer("DELETE", "/pause", controls())
    port = stub.url.rpartition(":")[2]
    run(f"resume --port {port}", SEATFLOW_SCOPE="api://app/.default")
    assert stub.last.headers["x-seatflow-by"] == getpass.getuser()
    assert "authorization" not in stub.last.headers


def test_a_name_is_one_line(seatflow: Seatflow, stub: Stub) -> None:
    result = seatflow("resume --by", "Ada\r\nX-Evil: 1")
    assert result.exit_code == 2
    assert stub.asked == []


def test_no_token_travels_for_everyone_to_read() -> None:
    with pytest.raises(WrongInput):
        read_address("http://")
    result = run("status --url http://seatflow.example.net", SEATFLOW_SCOPE="secret")
    assert result.exit_code == 2
    assert "use https" in result.stderr
    assert "secret" not in result.stderr


def test_the_token_of_az_login_travels_to_this_machine(
    seatflow: Seatflow, stub: Stub, tmp_path: Path
) -> None:
    stub.answer("GET", "/status", status())
    result = seatflow("status", **_az(tmp_path, _TOKEN))
    assert (result.stderr, result.exit_code) == ("", 0)
    assert stub.last.headers["authorization"] == "Bearer the-token"


def test_nobody_signed_in_is_a_sentence(seatflow: Seatflow, stub: Stub, tmp_path: Path) -> None:
    result = seatflow("status", **_az(tmp_path, "echo 'Please run az login' >&2; exit 1"))
    assert result.exit_code == 3
    assert result.stderr.startswith("seatflow: Nobody is signed in for api://app/.default: run")
    assert "Traceback" not in result.stderr
    assert stub.asked == []


_TOKEN = """cat <<'END'
{"accessToken": "the-token", "expires_on": 4102444800, "expiresOn": "2100-01-01 00:00:00.000000"}
END"""


def _az(folder: Path, script: str) -> dict[str, str]:
    """Return an environment in which `az` is a script, and azure-identity asks it alone."""
    az = folder / "az"
    az.write_text(f"#!/bin/sh\n{script}\n")
    az.chmod(0o755)
    return {
        "PATH": f"{folder}:/usr/bin:/bin",
        "AZURE_TOKEN_CREDENTIALS": "AzureCliCredential",
        "SEATFLOW_SCOPE": "api://app/.default",
    }

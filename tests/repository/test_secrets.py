"""No secret lies in the repository, so none in the samples and none in the package.

Whatever looks like one is named here with why it is none.
"""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

SECRETS = {
    "a private key": ("-----BEGIN", r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----"),
    "a key in a connection string": (
        "Key=",
        r"(?:SharedAccess|Account)Key=(?P<told>[A-Za-z0-9+/_-]{8,}=*)",
    ),
    "a shared access signature": ("sig=", r"[?&;]sig=(?P<told>[A-Za-z0-9%+/]{20,})"),
    "a token": ("eyJ", r"\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\."),
    "a storage or Service Bus key": ("==", r"(?<!sha512-)\b[A-Za-z0-9+/]{86}=="),
    "a client secret of Entra": ("8Q~", r"[\w~.-]{3}8Q~[\w~.-]{34}"),
    "a key of Amazon's": ("AKIA", r"\bAKIA[A-Z0-9]{16}"),
    "a token of GitHub's": ("gh", r"\bgh[pousr]_[A-Za-z0-9]{36}"),
    "a function key": ("code=", r"[?&]code=(?P<told>[A-Za-z0-9_/+-]{20,}={0,2})"),
    "a password in an address": (
        "://",
        r"[a-z]://[^\s/:@\"'`<{]+:(?P<told>[^\s/@\"'`<{]{3,})@",
    ),
}
"""What is looked for -> a part of it that is quick to look for, and how all of it looks."""
FOUND = {kind: (part, re.compile(pattern)) for kind, (part, pattern) in SECRETS.items()}

NONE = {
    "SAS_KEY_VALUE": "what Microsoft's Service Bus emulator takes, published for everyone",
    "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==": (
        "the key of every Azurite, published for everyone"
    ),
    "secret": "an address in a test of what is refused",
}
"""What looks like a secret, or begins like one of these -> why it is none."""


def secrets_in(text: str) -> Iterator[str]:
    """Return what kind of secret is found, and where, but never the secret."""
    for kind, (part, pattern) in FOUND.items():
        for found in pattern.finditer(text) if part in text else ():
            told = found.groupdict().get("told") or found[0]
            if not any(known.startswith(told) for known in NONE):
                line = text.count("\n", 0, found.start()) + 1
                yield f"line {line}: {kind}"


def kept() -> list[Path]:
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout
    return [ROOT / name for name in listed.decode().split("\0") if name]


def test_no_file_that_is_kept_holds_a_secret() -> None:
    texts = {path: path.read_bytes().decode(errors="ignore") for path in kept() if path.is_file()}
    assert len(texts) > 500
    found = [
        f"{path.relative_to(ROOT)}, {each}"
        for path, text in texts.items()
        if path != Path(__file__)
        for each in secrets_in(text)
    ]
    assert found == []


def test_what_is_private_to_a_machine_is_never_kept() -> None:
    private = ("live/e3.yaml", "found/people.csv", ".local/live/7071/token", "local.settings.json",
               ".env", "tenant.json", "build.pem", "build.key", "package/host.json")  # fmt: skip
    command = ["git", "check-ignore", "--no-index", *private]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert told.split() == [*private]


A = "A1b2C3d4E5f6G7h8I9j0"


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("a private key", "-----BEGIN " + "EC PRIVATE KEY-----"),
        ("a key in a connection string", f"Endpoint=sb://x/;SharedAccessKey={A}="),
        ("a key in a connection string", f"AccountKey={A}"),
        ("a shared access signature", f"https://x/?sv=1&sig={A}{A}"),
        ("a token", f"Bearer eyJ{A}.eyJ{A}.x"),
        ("a storage or Service Bus key", A * 4 + "A1b2C3=="),
        ("a client secret of Entra", "abc8Q~" + A + A[:14]),
        ("a token of GitHub's", "ghp_" + A + A[:16]),
        ("a key of Amazon's", "AKIA" + A[:16].upper()),
        ("a function key", f"https://x/api?code={A}=="),
        ("a password in an address", "https://ada:sesame@x"),
    ],
)
def test_each_kind_would_be_found(kind: str, text: str) -> None:
    assert kind in " ".join(secrets_in(f"first\n{text}\n"))
    assert A not in " ".join(secrets_in(text))

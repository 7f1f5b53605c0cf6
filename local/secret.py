"""What opens one start of a stack that looks at a real tenant: new each time, and for one user."""

import base64
import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

TOKEN = "token"
"""The file, in the stack's home; the command `seatflow` reads it."""


@dataclass(frozen=True)
class Secret:
    """A token for the host, and a key for the storage that the inventory lies in."""

    token: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)
    storage_key: str = field(
        default_factory=lambda: base64.b64encode(secrets.token_bytes(64)).decode(), repr=False
    )

    @contextmanager
    def kept(self, home: Path) -> Iterator[None]:
        """Keep the token in a file that only this user can read, while it opens anything."""
        home.mkdir(parents=True, exist_ok=True)
        home.chmod(0o700)
        file = home / TOKEN
        file.unlink(missing_ok=True)
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
            out.write(self.token)
        try:
            yield
        finally:
            file.unlink(missing_ok=True)


def visit_settings(secret: Secret, environment: Mapping[str, str]) -> dict[str, str]:
    """Return the settings of a host that only looks at a tenant.

    They come last, so whatever else is set, nothing can be written; the app refuses to start with
    a visitor and anything that would.
    """
    return {
        "CREDENTIAL": "visitor",
        "MODE": "dry-run",
        "PUBLIC_URL": "",
        "APPLICATIONINSIGHTS_CONNECTION_STRING": "",
        "OTEL_EXPORTER_OTLP_ENDPOINT": "",
        "SIGN_IN": "token",
        "SIGN_IN_TOKEN": secret.token,
        "HOST_KEY": secret.token,
        "STORAGE_KEY": secret.storage_key,
        # Not from the sample, which names the simulator.
        "GRAPH_ENDPOINT": environment.get("GRAPH_ENDPOINT", ""),
    }

"""Where the service is, and whether a secret may travel there."""

import ipaddress
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from cli.errors import WrongInput

LOCAL_PORT = 7071
"""Where `make local` serves the app unless told otherwise."""

_API = "/api/v1"


@dataclass(frozen=True)
class Address:
    """The service's own URL, without its `/api/v1`."""

    url: str
    loopback: bool
    """It is this machine."""

    @property
    def private(self) -> bool:
        """Whether nobody else can read what is sent there."""
        return self.loopback or self.url.startswith("https://")

    def of(self, path: str) -> str:
        """Return the URL of a call, given its path below `/api/v1`."""
        return f"{self.url}{_API}{path}"


def local_address(port: int = LOCAL_PORT) -> Address:
    """Return the address of the local stack."""
    return Address(f"http://127.0.0.1:{port}", loopback=True)


def read_address(text: str) -> Address:
    """Read an address as a person types it, with or without `/api/v1` at its end.

    Raises:
        WrongInput: it is not the URL of a service.
    """
    try:
        parts = urlsplit(text.strip())
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise WrongInput(f"{text!r} is not a URL: {error}.") from None
    if parts.scheme not in ("http", "https") or not host:
        raise WrongInput(
            f"{text!r} is not the URL of a service: expected https://HOST, or http://HOST:PORT."
        )
    if parts.query or parts.fragment or parts.username is not None:
        raise WrongInput(
            "The URL of the service has a scheme, a host and a port, and nothing else:"
            f" https://{host}. Who you are says SEATFLOW_SCOPE."
        )
    return Address(_without_api(parts), _is_loopback(host))


def _without_api(parts: SplitResult) -> str:
    path = parts.path.rstrip("/").removesuffix(_API).removesuffix("/api")
    return f"{parts.scheme}://{parts.netloc}{path}"


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"

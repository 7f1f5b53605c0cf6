"""Settings: read once from the environment, typed, and refused at start when they make no sense.

What stands under a setting is what docs/settings.md says of it: `python -m infra.settings_page`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
)

from domain.errors import Never
from domain.inventory.retention import DEFAULT, read_retention
from domain.kinds import FURTHER

type Url = Annotated[str, StringConstraints(pattern=r"^https?://[^\s]+[^/\s]$")]


def _retention(text: str) -> str:
    try:
        read_retention(text)
    except Never as error:
        raise ValueError(str(error)) from None
    return text


@dataclass(frozen=True, slots=True)
class Unit:
    """What the number of a setting counts, for whoever reads docs/settings.md."""

    name: str


_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_SHORTEST = 32
"""Characters of a token that nobody guesses."""


class Settings(BaseModel):
    """Every setting the app reads; the names are those of the environment variables."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    graph_endpoint: Annotated[Url, Field(alias="GRAPH_ENDPOINT")] = (
        "https://graph.microsoft.com/v1.0"
    )
    """Microsoft Graph, with its version."""
    tables_url: Annotated[Url, Field(alias="STORAGE_TABLES_URL")]
    """The storage account's table endpoint."""
    blobs_url: Annotated[Url, Field(alias="STORAGE_BLOBS_URL")]
    """The storage account's blob endpoint."""
    service_bus: Annotated[str | None, Field(alias="ServiceBus")] = None
    """A Service Bus connection string, for the local stack only."""
    service_bus_namespace: Annotated[
        str | None, Field(alias="ServiceBus__fullyQualifiedNamespace")
    ] = None
    """The Service Bus namespace, reached with the app's identity."""
    fulfillment_queue: Annotated[str, Field(alias="FULFILLMENT_QUEUE")] = "fulfillment"
    """The queue of pages. The triggers know no default: the app needs it."""
    recompile_queue: Annotated[str, Field(alias="RECOMPILE_QUEUE")] = "recompile"
    """The queue of hints. The triggers know no default: the app needs it."""
    credential: Annotated[Literal["identity", "local", "visitor"], Field(alias="CREDENTIAL")] = (
        "identity"
    )
    """`identity`: the app's managed identity. `local`: what emulators on this machine accept,
    refused for any other host. `visitor`: whoever is signed in on this machine looks at a tenant,
    and nothing is written to it; all but Graph must be emulators, and `MODE` `dry-run`; see
    [first-contact.md](first-contact.md)."""
    visitor_sign_in: Annotated[
        Literal["az-login", "device-code", "managed-identity"], Field(alias="VISITOR_SIGN_IN")
    ] = "az-login"
    """How the visitor is signed in: by the Azure CLI, by a code entered on a page, or as the
    identity of this machine."""
    storage_key: Annotated[str, Field(alias="STORAGE_KEY", repr=False)] = ""
    """The key of the emulated storage where it is not the published one, for a visitor's stack
    only."""
    client_id: Annotated[str | None, Field(alias="AZURE_CLIENT_ID")] = None
    """Which user-assigned identity, where the app has several; for a visitor with a device code,
    the app registration to sign in through."""
    mode: Annotated[Literal["live", "dry-run"], Field(alias="MODE")] = "live"
    """`live`, or `dry-run`: everything is computed and shown, and every write to the tenant is
    refused before it leaves; change subscriptions stay."""
    write_quota: Annotated[int, Field(alias="GRAPH_WRITE_QUOTA", gt=0), Unit("writes")] = 3_000
    """So many writes Graph takes from this app in one tenant in the window; see *Pacing* in
    [architecture.md](architecture.md#pacing)."""
    write_window: Annotated[float, Field(alias="GRAPH_WRITE_WINDOW", gt=0), Unit("seconds")] = 150.0
    """The window of the write quota."""
    unit_quota: Annotated[
        int, Field(alias="GRAPH_UNIT_QUOTA", gt=0), Unit("resource units in 10 s")
    ] = 8_000
    """So much reading and writing Graph takes from this app in one tenant: 3,500 below 50 users,
    5,000 up to 500, 8,000 above."""
    sign_in: Annotated[Literal["none", "easy-auth", "local", "token"], Field(alias="SIGN_IN")] = (
        "none"
    )
    """Who is let in. `easy-auth`: whom Easy Auth vouches for, by the headers it sets, so it has to
    be on. `local`: everybody on this machine, refused unless `CREDENTIAL` is `local`. `token`:
    whoever shows `SIGN_IN_TOKEN`, refused in Azure. `none`: nobody but machines with a
    certificate."""
    sign_in_token: Annotated[str, Field(alias="SIGN_IN_TOKEN", repr=False)] = ""
    """What opens everything where `SIGN_IN` is `token`; `make local TENANT=live` makes a new one at
    each start."""
    certificate_authorities: Annotated[str, Field(alias="CLIENT_CERTIFICATE_AUTHORITIES")] = ""
    """Certificates of the authorities that machines' certificates must come from, in PEM; not
    needed for thumbprints."""
    certificate_revocations: Annotated[str, Field(alias="CLIENT_CERTIFICATE_REVOCATIONS")] = ""
    """Their revocation lists, in PEM; once there is one, an issuer without one that is valid is not
    trusted."""
    certificate_roles: Annotated[str, Field(alias="CLIENT_CERTIFICATE_ROLES")] = ""
    """Which machine may do what, `NAME=Role+Role; …`: NAME is a DNS name or mail address in its
    certificate, or `sha256:` and the thumbprint of one; without it no certificate is taken."""
    public_url: Annotated[Url | None, Field(alias="PUBLIC_URL")] = None
    """Where Graph reaches this app; without it no change notifications are asked for."""
    tenant: Annotated[str | None, Field(alias="AZURE_TENANT_ID")] = None
    """The tenant that change notifications must be about; without it that is not checked."""
    insights: Annotated[
        str | None,
        Field(
            alias="APPLICATIONINSIGHTS_CONNECTION_STRING",
            pattern=r"^InstrumentationKey=[0-9a-fA-F-]{36}(;|$)",
        ),
    ] = None
    """The Application Insights that telemetry goes to, with the app's identity; the Functions host
    sends its own there. It opens nothing."""
    otlp_url: Annotated[Url | None, Field(alias="OTEL_EXPORTER_OTLP_ENDPOINT")] = None
    """An OTLP receiver (HTTP, no path) that telemetry goes to, for the local stack only; see
    [telemetry.md](telemetry.md)."""
    catalog_url: Annotated[Url | None, Field(alias="CATALOG_URL")] = None
    """Where Microsoft's table of products and service plans is; without it the common ones, which
    are shipped, have to do."""
    kinds: frozenset[str] = frozenset(kind.name for kind in FURTHER if kind.on)
    """The kinds of facts to read beside the core; each has a switch of its own."""
    retention: Annotated[str, Field(alias="SNAPSHOT_RETENTION"), AfterValidator(_retention)] = (
        DEFAULT
    )
    """Which past snapshots stay: all of so long, then the last of each hour, day, week, month or
    year for so long; see [inventory.md](inventory.md#past-snapshots)."""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Self:
        """Read the settings.

        Raises:
            Never: a setting is missing or makes no sense; the sentence names it.
        """
        names = [field.alias for field in cls.model_fields.values() if field.alias]
        given = {name: environment[name] for name in names if environment.get(name)}
        try:
            settings = cls.model_validate({**given, "kinds": _switched_on(environment)})
        except ValidationError as error:
            problems = [f"{e['loc'][0]}: {e['msg']}" for e in error.errors(include_url=False)]
            raise Never("Settings: " + "; ".join(problems) + ".", "See docs/settings.md.") from None
        settings._check()
        return settings

    @property
    def tells(self) -> bool:
        """Whether telemetry goes anywhere."""
        return self.insights is not None or self.otlp_url is not None

    @property
    def visiting(self) -> bool:
        """Whether a tenant is only looked at, whatever the mode says."""
        return self.credential == "visitor"

    def _check(self) -> None:
        if not self.service_bus and not self.service_bus_namespace:
            raise Never("Settings: ServiceBus__fullyQualifiedNamespace is missing.")
        if self.sign_in == "local" and self.credential != "local":
            raise Never("Settings: SIGN_IN=local lets everybody in, and is for emulators only.")
        if self.sign_in == "token" and len(self.sign_in_token) < _SHORTEST:
            raise Never(f"Settings: SIGN_IN_TOKEN has less than {_SHORTEST} characters.")
        if self.credential == "identity":
            if self.sign_in == "token":
                raise Never("Settings: SIGN_IN=token is for one machine; use easy-auth.")
            if self.otlp_url:
                raise Never(
                    "Settings: OTEL_EXPORTER_OTLP_ENDPOINT is for the local stack only;"
                    " the deployed app has no exporter for it."
                )
            return
        if self.visiting:
            self._check_visit()
        self._check_emulators()

    def _check_visit(self) -> None:
        if self.mode != "dry-run":
            raise Never("Settings: MODE must be dry-run, since CREDENTIAL=visitor only looks.")
        if self.public_url is not None:
            raise Never("Settings: PUBLIC_URL must be absent, since CREDENTIAL=visitor only looks.")

    def _check_emulators(self) -> None:
        addresses = {"tables_url": self.tables_url, "blobs_url": self.blobs_url}
        if self.credential == "local":
            addresses["graph_endpoint"] = self.graph_endpoint
        if self.visiting:
            parts = (part.partition("=") for part in (self.service_bus or "").split(";"))
            addresses["service_bus"] = {name: value for name, _, value in parts}.get("Endpoint", "")
        for name, address in addresses.items():
            host = urlsplit(address).hostname
            if host not in _LOOPBACK:
                alias = type(self).model_fields[name].alias
                raise Never(
                    f"Settings: {alias} is {host}, but CREDENTIAL={self.credential} is for"
                    " emulators."
                )


def _switched_on(environment: Mapping[str, str]) -> frozenset[str]:
    """Return the kinds whose switch says `on`, or that are on where nothing is said."""
    on = set()
    for kind in FURTHER:
        match environment.get(kind.switch) or ("on" if kind.on else "off"):
            case "on":
                on.add(kind.name)
            case "off":
                continue
            case other:
                raise Never(f"Settings: {kind.switch} is {other!r}; it can be on or off.")
    return frozenset(on)

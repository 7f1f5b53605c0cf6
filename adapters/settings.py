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
    credential: Annotated[Literal["identity", "local"], Field(alias="CREDENTIAL")] = "identity"
    """`identity`: the app's managed identity. `local`: what emulators on this machine accept,
    refused for any other host."""
    client_id: Annotated[str | None, Field(alias="AZURE_CLIENT_ID")] = None
    """Which user-assigned identity, where the app has several."""
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
    sign_in: Annotated[Literal["none", "easy-auth", "local"], Field(alias="SIGN_IN")] = "none"
    """Who is let in. `easy-auth`: whom Easy Auth vouches for, by the headers it sets, so it has to
    be on. `local`: everybody on this machine, refused unless `CREDENTIAL` is `local`. `none`:
    nobody but machines with a certificate."""
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
    insights: Annotated[str | None, Field(alias="APPLICATIONINSIGHTS_CONNECTION_STRING")] = None
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

    def _check(self) -> None:
        if not self.service_bus and not self.service_bus_namespace:
            raise Never("Settings: ServiceBus__fullyQualifiedNamespace is missing.")
        if self.credential != "local":
            if self.sign_in == "local":
                raise Never("Settings: SIGN_IN=local lets everybody in, and is for emulators only.")
            if self.otlp_url:
                raise Never(
                    "Settings: OTEL_EXPORTER_OTLP_ENDPOINT is for the local stack only;"
                    " the deployed app has no exporter for it."
                )
            return
        for name in ("graph_endpoint", "tables_url", "blobs_url"):
            host = urlsplit(getattr(self, name)).hostname
            if host not in _LOOPBACK:
                alias = type(self).model_fields[name].alias
                raise Never(f"Settings: {alias} is {host}, but CREDENTIAL=local is for emulators.")


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

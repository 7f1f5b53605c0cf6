"""Settings: read once from the environment, typed, and refused at start when they make no sense."""

from collections.abc import Mapping
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
    """A connection string; for the local stack only."""
    service_bus_namespace: Annotated[
        str | None, Field(alias="ServiceBus__fullyQualifiedNamespace")
    ] = None
    """The Service Bus namespace, reached with the app's identity."""
    fulfillment_queue: Annotated[str, Field(alias="FULFILLMENT_QUEUE")] = "fulfillment"
    recompile_queue: Annotated[str, Field(alias="RECOMPILE_QUEUE")] = "recompile"
    credential: Annotated[Literal["identity", "local"], Field(alias="CREDENTIAL")] = "identity"
    """`identity`: the app's managed identity. `local`: what emulators on this machine accept."""
    client_id: Annotated[str | None, Field(alias="AZURE_CLIENT_ID")] = None
    """Which user-assigned identity, where the app has several."""
    mode: Annotated[Literal["live", "dry-run"], Field(alias="MODE")] = "live"
    """`dry-run`: everything is computed and shown, and no write can reach the tenant."""
    write_quota: Annotated[int, Field(alias="GRAPH_WRITE_QUOTA", gt=0)] = 3_000
    """So many writes Graph takes from this app in the window."""
    write_window: Annotated[float, Field(alias="GRAPH_WRITE_WINDOW", gt=0)] = 150.0
    """Seconds."""
    unit_quota: Annotated[int, Field(alias="GRAPH_UNIT_QUOTA", gt=0)] = 8_000
    """So many resource units in ten seconds."""
    sign_in: Annotated[Literal["none", "easy-auth", "local"], Field(alias="SIGN_IN")] = "none"
    """`easy-auth`: believe the headers that Easy Auth sets, and sets only where it is on."""
    certificate_authorities: Annotated[str, Field(alias="CLIENT_CERTIFICATE_AUTHORITIES")] = ""
    """PEM."""
    certificate_revocations: Annotated[str, Field(alias="CLIENT_CERTIFICATE_REVOCATIONS")] = ""
    """PEM."""
    certificate_roles: Annotated[str, Field(alias="CLIENT_CERTIFICATE_ROLES")] = ""
    """Which machine may do what; none may anything without."""
    public_url: Annotated[Url | None, Field(alias="PUBLIC_URL")] = None
    """Where Graph reaches this app; without it no change notifications are asked for."""
    tenant: Annotated[str | None, Field(alias="AZURE_TENANT_ID")] = None
    """The tenant that change notifications must be about; without it that is not checked."""
    catalog_url: Annotated[Url | None, Field(alias="CATALOG_URL")] = None
    """Where Microsoft's table of products is; without it the shipped one has to do."""
    kinds: frozenset[str] = frozenset(kind.name for kind in FURTHER if kind.on)
    """The kinds of facts to read beside the core; each has a switch of its own."""
    retention: Annotated[str, Field(alias="SNAPSHOT_RETENTION"), AfterValidator(_retention)] = (
        DEFAULT
    )
    """Which past snapshots are kept."""

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

    def _check(self) -> None:
        if not self.service_bus and not self.service_bus_namespace:
            raise Never("Settings: ServiceBus__fullyQualifiedNamespace is missing.")
        if self.credential != "local":
            if self.sign_in == "local":
                raise Never("Settings: SIGN_IN=local lets everybody in, and is for emulators only.")
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

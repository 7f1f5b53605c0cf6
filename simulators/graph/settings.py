"""Everything about the simulated service that can be set, at start or while it runs."""

from pathlib import Path
from typing import Annotated, Any, Literal

import orjson
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from simulators.graph.license_rules import LicenseRules
from simulators.graph.permissions import GRANTED_AT_START

type Share = Annotated[float, Field(ge=0, le=1)]
type Seconds = Annotated[float, Field(ge=0)]
type Count = Annotated[int, Field(ge=0)]
type Positive = Annotated[int, Field(gt=0)]


class SettingsError(Exception):
    """The settings make no sense; the message is one sentence."""


class Settings(BaseModel):
    """Settings with the documented values as defaults; shares are 0..1, times are seconds."""

    model_config = ConfigDict(extra="forbid", strict=True)

    # Throttling (Graph docs: throttling-limits, identity and access)
    throttling: bool = True
    resource_units: Count = 0  # per window; 0: 3,500, 5,000 or 8,000 by the tenant's size
    resource_unit_window: Seconds = 10
    writes: Positive = 3_000
    write_window: Seconds = 150
    tenant_writes: Positive = 18_000
    tenant_write_window: Seconds = 300
    patch_cost: Literal["one", "third"] = "third"  # a PATCH of n references: 1 or ceil(n/3) writes
    report_requests: Positive = 5  # audit logs (same page, identity and access reports)
    report_window: Seconds = 10
    sign_in_requests: Positive = 10  # for the sign-ins of one person (same page)
    sign_in_window: Seconds = 60
    usage_requests: Positive = 14  # of one Microsoft 365 report (same page)
    usage_window: Seconds = 600
    retry_after: Literal["seconds", "fraction", "date", "none"] = "seconds"

    # Reads
    latency: Seconds = 0
    replication_lag: Seconds = 0
    page_token_ttl: Seconds = 900
    by_ids: Literal["asked", "set", "default"] = "asked"  # what getByIds tells with $select

    # Batches
    batch_references: Count = 100  # more in one batch is answered 503; 0: no such limit
    batch_shuffle: bool = True

    # Delta
    delta_page_size: Positive = 200
    delta_member_slice: Positive = 1_000
    delta_managers_apart: Share = 0  # users whose manager comes on items of their own
    delta_empty_pages: Share = 0
    delta_duplicates: Share = 0
    delta_replays: Share = 0
    delta_removed_in_first_round: bool = False
    delta_token_ttl: Seconds = 7 * 86_400
    delta_expired_as: Literal[410, 400, 404] = 410

    # Groups and licenses
    member_quota: Count = 0  # 0: none
    guests_in_microsoft_365_groups: bool = True
    license_delay: Seconds = 0.2
    license_rules: LicenseRules = LicenseRules()
    reprocess_moves_date: bool = False  # of an error that stays; not documented

    # Sign-ins and usage
    premium: bool = True  # whether the tenant pays for what tells sign-ins
    sign_in_page: Positive = 500  # people on one page with their sign-ins; once 120
    conceal_report_names: bool = True  # as Microsoft has it unless the tenant says otherwise
    report_address_ttl: Seconds = 300

    # Audit log
    audit_delay: Seconds = 0
    audit_retention: Seconds = 30 * 86_400

    # Change notifications
    notification_delay: Seconds = 0.2
    notification_batch: Positive = 20
    notification_loss: Share = 0
    notification_duplicates: Share = 0
    notification_reorder: bool = False
    notification_timeout: Seconds = 3
    notification_retry_timeout: Seconds = 10
    notification_retry: Seconds = 1  # the first pause; doubled each time
    notification_retry_for: Seconds = 4 * 3_600
    validation_timeout: Seconds = 10
    subscription_quota: Positive = 100

    # The calling application
    application_id: str = "24d3b144-21ae-4080-943f-7067b395b913"
    principal_id: str = "0f3c6a52-1c8e-4e53-9d11-0c1d5a9a7e42"
    application_name: str = "Licensing application"
    granted: list[str] = Field(default_factory=lambda: list(GRANTED_AT_START))
    owned: list[str] = Field(default_factory=list)  # ids of groups whose owner it is
    seed: int = 0
    first_generation: Count | None = None  # of tokens; None: by chance

    # Who uses the switches that change memberships by hand, unless a switch is told otherwise
    administrator_id: str = "2f9f3c1e-6d0b-4c5a-9a55-5b8f0e6f7a01"
    administrator_name: str = "admin@contoso.example"

    def change(self, changes: dict[str, Any]) -> None:
        """Take over `changes`, all or none; raise SettingsError."""
        checked = settings_from(self.model_dump() | changes)
        for name in changes:
            setattr(self, name, getattr(checked, name))


def settings_from(document: object) -> Settings:
    """Return the settings in a JSON document; raise SettingsError with one sentence."""
    try:
        return Settings.model_validate(document)
    except ValidationError as error:
        raise SettingsError(_sentence(error)) from None


def read_settings(path: Path) -> Settings:
    """Read a settings file; raise SettingsError with one sentence."""
    try:
        return settings_from(orjson.loads(path.read_bytes()))
    except OSError as error:
        raise SettingsError(f"settings file {path}: {error.strerror}") from None
    except orjson.JSONDecodeError as error:
        raise SettingsError(f"settings file {path} is not JSON: {error}") from None


def _sentence(error: ValidationError) -> str:
    first = error.errors()[0]
    place = ".".join(str(part) for part in first["loc"])
    if first["type"] == "extra_forbidden":
        known = ", ".join(sorted(Settings.model_fields))
        return f"unknown setting '{place}'; known are {known}"
    if not place:
        return f"settings: {first['msg']}"
    return f"setting '{place}': {first['msg']}"

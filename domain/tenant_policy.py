"""The tenant's own policy: what holds over all bundles together."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, model_validator

from domain.decision.limits import TenantLimits
from domain.errors import Never
from domain.fact import BundleId, Fact, Mode, ObjectId
from domain.inventory.join import Join
from domain.mapping import DEFAULT, Table, read_path, source_of_path


def _meaningful(text: str) -> str:
    try:
        source = source_of_path(read_path(text))
    except Never as error:
        raise ValueError(str(error)) from None
    if source.because:
        raise ValueError(source.because)
    return text


def _paths(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


type SourcePath = Annotated[str, AfterValidator(_meaningful)]
type SourcePaths = Annotated[
    tuple[SourcePath, ...],
    Field(min_length=1, max_length=10),
    BeforeValidator(_paths, json_schema_input_type=str | tuple[str, ...]),
]
"""Where a mapped attribute comes from; of several, the first that has a value."""
type AttributeName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_]{0,62}$")]


class Pool(Fact):
    """Seats of a product set aside for some bundles: no other bundle may take them.

    These bundles take no seat outside the pool either, unless it may overflow into the rest.
    """

    name: Annotated[str, StringConstraints(min_length=1, max_length=100)]
    product: ObjectId
    seats: Annotated[int, Field(ge=0)]
    bundles: Annotated[tuple[BundleId, ...], Field(min_length=1)]
    overflow: bool = False


class Price(Fact):
    """What a seat of a product costs a month."""

    product: ObjectId
    monthly: Annotated[float, Field(ge=0, allow_inf_nan=False)]
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")] = "USD"


class TenantPolicy(Fact):
    """What holds over all bundles together."""

    mode: Mode = "live"
    limits: TenantLimits = TenantLimits()
    pools: tuple[Pool, ...] = ()
    prices: tuple[Price, ...] = ()
    exclusive_plans: tuple[tuple[str, str], ...] = ()
    """Pairs of service plan names that one person cannot hold together, beside the known ones."""
    mapping: Mapping[AttributeName, SourcePaths] = {}
    """Attributes that rules name as `person.NAME`, each with the path it comes from in Graph or in
    SCIM; they take the place of those of the same name in the default table."""

    @model_validator(mode="after")
    def _no_bundle_in_two_pools(self) -> "TenantPolicy":
        seen: dict[tuple[str, str], str] = {}
        for pool in self.pools:
            for bundle in pool.bundles:
                other = seen.setdefault((pool.product, bundle), pool.name)
                if other != pool.name:
                    raise ValueError(
                        f"Bundle {bundle} is in two pools of one product: {other} and {pool.name}."
                    )
        names = [pool.name for pool in self.pools]
        if len(set(names)) < len(names):
            raise ValueError("Two pools have the same name.")
        return self

    @model_validator(mode="after")
    def _no_attribute_twice(self) -> "TenantPolicy":
        """Rules name them in any letter case."""
        seen: dict[str, str] = {}
        for name in self.mapping:
            if (other := seen.setdefault(name.lower(), name)) != name:
                raise ValueError(f"{other} and {name} are one attribute: rules ignore letter case.")
        return self

    join: Join | None = None
    """Which accounts are of one human; without it each account stands for itself."""

    def attributes(self) -> Table:
        """Return the attribute mapping in force."""
        return DEFAULT.with_rows(self.mapping)

    def pool(self, product: str, bundle: str) -> Pool | None:
        """Return the pool a bundle takes its seats of a product from, or None for the rest."""
        for pool in self.pools:
            if pool.product == product and bundle in pool.bundles:
                return pool
        return None

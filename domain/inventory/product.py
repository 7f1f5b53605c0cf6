"""Products: subscribed SKUs, their service plans and their seats."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Product:
    """One subscribed SKU; the key is the skuId, never the part number."""

    sku: str
    part_number: str
    enabled: int
    """Seats paid for."""
    warning: int = 0
    """Seats whose subscription ran out and that can still be assigned (the grace period)."""
    consumed: int = 0
    """Seats in use, by whatever route."""
    plans: Mapping[str, str] = field(default_factory=dict)
    """Service plan id -> name."""
    suspended: int = 0
    """Seats that cannot be assigned unless the subscription is renewed."""
    locked_out: int = 0
    """Seats locked out because the subscription was canceled."""

    @property
    def seats(self) -> int:
        """Seats that may be held at once: enabled and in grace; suspended seats may not.

        Source: Microsoft Graph docs, resources/subscribedSku (prepaidUnits).
        """
        return self.enabled + self.warning

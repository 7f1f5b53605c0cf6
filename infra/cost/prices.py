"""Prices in US dollars. None was read from Azure: put those of your region and agreement in."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Price:
    """What so many cost, beyond those that are free or in the base charge."""

    usd: float
    per: float
    what: str
    source: str
    free: float = 0.0
    base: float = 0.0

    def of(self, amount: float) -> float:
        """Return what an amount costs."""
        return self.base + max(0.0, amount - self.free) / self.per * self.usd

    def shown(self) -> str:
        """Return the price in words."""
        base = f"{self.base:g}, then " if self.base else ""
        free = f"; the first {self.free:,.0f} are free" if self.free else ""
        return f"{base}{self.usd:g} for {self.what}{free}"


EXECUTIONS = Price(0.40, 1e6, "a million", "example", free=250_000)
GB_SECONDS = Price(26.0, 1e6, "a million", "a vendor's comparison, May 2025, East US", free=100_000)
OPERATIONS = Price(
    0.80, 1e6, "a million", "example; what is free: Azure", free=13_000_000, base=10.0
)
REQUESTS = Price(0.05, 1e4, "10,000", "example, as if all were writes of blobs")
STORED = Price(0.05, 1, "a GB", "example")
LOGGED = Price(2.30, 1, "a GB", "a cost guide of 2026", free=5)
ALERTS = Price(1.50, 1, "a rule", "example, for rules that look every five minutes")

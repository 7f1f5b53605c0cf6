"""The tables of quantities and costs on docs/limits-and-cost.md."""

from collections.abc import Iterable
from dataclasses import astuple
from pathlib import Path

from infra.cost import prices
from infra.cost.prices import Price
from infra.cost.quantities import Tenant, month_of

TENANTS = (
    Tenant(1_000, bundles=10, inventory_seconds=1.0, compile_seconds=1.0),
    Tenant(50_000, bundles=20, inventory_seconds=1.0, compile_seconds=1.0),
    Tenant(1_000_000, bundles=50, inventory_seconds=2.6, compile_seconds=10.2),
)
"""The seconds at a million were measured; up to 100,000 both stay within the one that is billed."""

_INFRA = Path(__file__).parents[1]
_ALERTS = len(list((_INFRA / "alerts").glob("*.kql")))

FILE = _INFRA.parent / "docs/limits-and-cost.md"
_BEGIN, _END = "<!-- tables -->\n", "\n<!-- end -->"

_LINES: tuple[tuple[str, Price], ...] = (
    ("executions", prices.EXECUTIONS),
    ("GB-s", prices.GB_SECONDS),
    ("Service Bus operations", prices.OPERATIONS),
    ("storage requests", prices.REQUESTS),
    ("GB stored", prices.STORED),
    ("GB logged", prices.LOGGED),
    ("alert rules", prices.ALERTS),
)
"""In the order of the fields of a month, and the alert rules."""


def page() -> str:
    """Return the page with its tables as they are now."""
    before, _, rest = FILE.read_text(encoding="utf-8").partition(_BEGIN)
    return f"{before}{_BEGIN}{_tables()}{_END}{rest.partition(_END)[2]}"


def _tables() -> str:
    amounts = [(*astuple(month_of(tenant)), _ALERTS) for tenant in TENANTS]
    return f"{_quantities(amounts)}\n\n{_costs(amounts)}"


def _quantities(amounts: list[tuple[float, ...]]) -> str:
    rows = [
        ("bundles", *(str(tenant.bundles) for tenant in TENANTS)),
        ("changes", *(f"{tenant.changes:,}" for tenant in TENANTS)),
        ("notifications", *(f"{tenant.notifications:,}" for tenant in TENANTS)),
    ]
    rows += [(name, *(_shown(each[at]) for each in amounts)) for at, (name, _) in enumerate(_LINES)]
    return _table(("a month", *_sizes()), rows)


def _costs(amounts: list[tuple[float, ...]]) -> str:
    rows, totals = [], [0.0] * len(amounts)
    for at, (name, price) in enumerate(_LINES):
        costs = [price.of(each[at]) for each in amounts]
        totals = [total + cost for total, cost in zip(totals, costs, strict=True)]
        rows.append((name, *(f"{cost:.2f}" for cost in costs), price.shown(), price.source))
    rows.append(("**together, about**", *(f"**{total:.0f}**" for total in totals), "", ""))
    return _table(("USD a month", *_sizes(), "price", "from"), rows)


def _sizes() -> list[str]:
    return [f"{tenant.people:,} people" for tenant in TENANTS]


def _shown(amount: float) -> str:
    return f"{amount:,.0f}" if amount >= 5 else f"{amount:.2f}"


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [f"| {' | '.join(cells)} |" for cells in (head, *rows)]
    return "\n".join([lines[0], "|---" * len(head) + "|", *lines[1:]])

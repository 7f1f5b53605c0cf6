"""Verified domains, as the organization lists them (docs: organization-list)."""

from collections.abc import AsyncIterator

from adapters.graph.paging import Json
from adapters.sources.reach import Reach
from adapters.sources.stages import Stage, read
from domain.kinds.domains import KIND, Domain
from domain.ports import FactsPage


def pages(reach: Reach, link: str | None) -> AsyncIterator[FactsPage]:
    """Yield the domains."""
    start = "/organization?$select=id,verifiedDomains"
    return read(reach.graph, [Stage(start, KIND.permissions[0], _rows)], link)


def _rows(item: Json) -> list[Domain]:
    return [_row(domain) for domain in item.get("verifiedDomains") or ()]


def _row(domain: Json) -> Domain:
    return Domain(
        name=domain["name"],
        default=domain.get("isDefault"),
        initial=domain.get("isInitial"),
        type=domain.get("type"),
        capabilities=tuple(
            part.strip() for part in (domain.get("capabilities") or "").split(",") if part.strip()
        ),
    )

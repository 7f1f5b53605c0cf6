"""Find bundles that, by way of others, supersede or require themselves."""

from collections.abc import Iterator, Mapping, Sequence

from domain.lint.case import Case
from domain.lint.finding import Finding


def find(case: Case) -> Iterator[Finding]:
    """Follow each relation from each bundle; one finding for each cycle."""
    for field in ("supersedes", "requires"):
        edges = {id: getattr(bundle, field) for id, bundle in case.bundles.items()}
        seen: set[frozenset[str]] = set()
        for bundle in (*case.pushed, *case.stored):
            cycle = _cycle(bundle.id, edges)
            if cycle and frozenset(cycle) not in seen:
                seen.add(frozenset(cycle))
                way = " → ".join([*cycle, bundle.id])
                yield case.error(bundle, f"The bundles go round in a circle: {way}.", field)


def _cycle(start: str, edges: Mapping[str, Sequence[str]]) -> list[str]:
    """Return the shortest way from a bundle back to itself, or nothing."""
    ways = [[start]]
    seen: set[str] = set()
    for way in ways:
        for following in edges.get(way[-1], ()):
            if following == start:
                return way
            if following not in seen:
                seen.add(following)
                ways.append([*way, following])
    return []

"""Relations between bundles: which is better than which, and which needs which."""

from collections.abc import Iterable, Mapping
from functools import cached_property

import numpy as np

from domain.bundle import Bundle
from domain.inventory.people import Mask, People, no_rows


class Relations:
    """`supersedes` and `requires` over all bundles; names that no bundle has are ignored."""

    def __init__(self, bundles: Iterable[Bundle]) -> None:
        self._bundles = {bundle.id: bundle for bundle in bundles}

    def better(self, bundle: str) -> frozenset[str]:
        """Return every bundle that supersedes this one, directly or through others."""
        return self._better.get(bundle, frozenset())

    def worse(self, bundle: str) -> frozenset[str]:
        """Return every bundle that this one supersedes, directly or through others."""
        return frozenset(other for other, better in self._better.items() if bundle in better)

    def sharing(self, bundle: str) -> frozenset[str]:
        """Return the other bundles that share a product with this one."""
        skus = set(self._bundles[bundle].skus())
        sharing = {id for id, other in self._bundles.items() if not skus.isdisjoint(other.skus())}
        return frozenset(sharing - {bundle})

    def needs(self, bundle: str) -> tuple[frozenset[str], ...]:
        """Return, for each bundle required, those of which one must be held."""
        required = self._bundles[bundle].requires
        return tuple(self.serving(base) for base in required if base in self._bundles)

    def serving(self, base: str) -> frozenset[str]:
        """Return a bundle together with those that are as good as it."""
        return self.better(base) | {base}

    def needing(self, bundle: str) -> tuple[str, ...]:
        """Return the bundles for which this one can be the base."""
        return tuple(
            other
            for other in self._bundles
            if any(bundle in serving for serving in self.needs(other))
        )

    @cached_property
    def _better(self) -> Mapping[str, frozenset[str]]:
        """In a cycle no bundle is better than another, or people would lose all of them."""
        direct: dict[str, set[str]] = {}
        for bundle in self._bundles.values():
            for worse in set(bundle.supersedes) & self._bundles.keys():
                direct.setdefault(worse, set()).add(bundle.id)
        reached = {worse: _reach(direct, worse) for worse in direct}
        return {
            worse: frozenset(one for one in better if worse not in reached.get(one, ()))
            for worse, better in reached.items()
        }


def _reach(direct: Mapping[str, set[str]], start: str) -> set[str]:
    found: set[str] = set()
    waiting = [start]
    while waiting:
        fresh = direct.get(waiting.pop(), set()) - found
        found |= fresh
        waiting += fresh
    return found


class Holding:
    """Who holds all products of a bundle, by whatever route: their licenses are active."""

    def __init__(self, people: People) -> None:
        self._people = people
        self._masks: dict[tuple[str, ...], Mask] = {}

    def active(self, bundle: Bundle) -> Mask:
        """Return the people who hold every product of the bundle."""
        skus = bundle.skus()
        if skus not in self._masks:
            mask = np.ones(len(self._people), np.bool_)
            for sku in skus:
                mask &= self._people.mask(self._people.holding.get(sku, no_rows()))
            self._masks[skus] = mask
        return self._masks[skus]

"""Group-based licensing in memory: members of licensed groups get products while seats last."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping

from domain.inventory.group import Group
from domain.inventory.product import Product
from domain.outcome import LicenseError, LicenseState

type Route = tuple[str, str, str]
"""Person, group, sku."""


class Licensing:
    """Who has which license by which group; what failed once is not tried again by itself."""

    def __init__(self) -> None:
        self.paused = False
        self.spoilt: dict[tuple[str, str], LicenseError] = {}
        self.direct: dict[tuple[str, str], frozenset[str]] = {}
        """Person and sku -> service plans switched off."""
        self._states: dict[Route, LicenseState] = {}

    def of(self, person: str) -> Iterator[LicenseState]:
        """Yield one person's licenses."""
        for (owner, sku), disabled in self.direct.items():
            if owner == person:
                yield LicenseState(sku, None, active=True, disabled=disabled)
        yield from (state for (owner, _, _), state in self._states.items() if owner == person)

    def used(self) -> Counter[str]:
        """Count the seats in use by product; two routes to one product take one seat."""
        holders = {
            (person, sku) for (person, _, sku), state in self._states.items() if state.active
        }
        return Counter(sku for _, sku in holders | self.direct.keys())

    def forget_errors(self, person: str) -> None:
        """Let what failed be tried again, as when Entra is asked to look at a person again."""
        failed = [
            route
            for route, state in self._states.items()
            if route[0] == person and not state.active
        ]
        for route in failed:
            del self._states[route]

    def follow(
        self,
        groups: Mapping[str, Group],
        inside: Mapping[str, Mapping[str, None]],
        people: Mapping[str, object],
        products: Callable[[], Mapping[str, Product]],
    ) -> list[str]:
        """Let the licenses follow the memberships; return the people whose licenses changed."""
        if self.paused:
            return []
        wanted = {
            (member, group.id, sku): frozenset(disabled)
            for group in groups.values()
            for sku, disabled in group.licenses.items()
            for member in inside.get(group.id, ())
            if member in people
        }
        lost = list(self._states.keys() - wanted.keys())
        for route in lost:
            del self._states[route]
        new = [
            route
            for route, disabled in wanted.items()
            if route not in self._states or self._states[route].disabled != disabled
        ]
        for route in new:
            self._states[route] = self._decide(route, wanted[route], products())
        return [person for person, _, _ in (*lost, *new) if person in people]

    def _decide(
        self, route: Route, disabled: frozenset[str], products: Mapping[str, Product]
    ) -> LicenseState:
        person, group, sku = route
        error = self.spoilt.get((person, sku))
        holds = any(state.sku == sku and state.active for state in self.of(person))
        product = products.get(sku)
        if error is None and not holds and product and product.consumed >= product.seats:
            error = LicenseError.COUNT
        return LicenseState(sku, group, active=error is None, error=error, disabled=disabled)

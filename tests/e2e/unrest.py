"""People and policies that do not stand still, so that there is always something to do."""

from collections import Counter
from random import Random

from tests.e2e.company import Company, Document
from tests.e2e.promises import Promises
from tests.e2e.variants import DEPARTMENTS, VARIANTS

_MOVERS = 12
_NO_LIMITS = "tenant: {limits: {revokes: {percent: 100000, floor: 100000}}}"


class Unrest:
    """Moves people and pushes policies; tells `promises` of all there is, and counts it."""

    def __init__(
        self, company: Company, promises: Promises, rng: Random, toll: Counter[str]
    ) -> None:
        self._company, self._promises, self._rng, self._toll = company, promises, rng, toll
        self._standing = dict.fromkeys(VARIANTS, 0)

    async def begin(self) -> None:
        """Push the first policy of each bundle, and none that would hold back the others."""
        for bundle in VARIANTS:
            await self._push(bundle, 0)
        await self._company.api.push({"tenant.yaml": _NO_LIMITS})

    async def stir(self) -> None:
        """Move people, or push a policy, so that there is something to do."""
        if self._rng.random() < 0.5:
            await self.move_people(self._rng.randint(1, _MOVERS))
        if self._rng.random() < 0.2:
            await self.delete_someone()
        for bundle in self._rng.sample(sorted(VARIANTS), self._rng.randint(1, 2)):
            await self.turn(bundle)

    async def move_people(self, count: int) -> None:
        """Put people into another department, or switch their account off or on."""
        document = await self._company.document()
        office = [one for one in document["users"] if one.get("department") in DEPARTMENTS]
        for user in self._rng.sample(office, min(count, len(office))):
            change: Document = {"department": self._rng.choice(DEPARTMENTS)}
            if self._rng.random() < 0.2:
                change = {"accountEnabled": not user["accountEnabled"]}
            await self._company.graph.ask("PATCH", f"/__sim/users/{user['id']}", json=change)
            self._toll["people moved"] += 1
        self._promises.saw(await self._company.document())

    async def delete_someone(self) -> None:
        """Delete an account, whatever is on its way to it."""
        user = self._rng.choice((await self._company.document())["users"])
        await self._company.graph.ask("POST", f"/__sim/users/{user['id']}/delete")
        self._toll["people deleted"] += 1

    async def turn(self, bundle: str) -> None:
        """Push another policy for a bundle."""
        others = [v for v in range(len(VARIANTS[bundle])) if v != self._standing[bundle]]
        await self._push(bundle, self._rng.choice(others))
        self._toll["policies pushed"] += 1

    async def _push(self, bundle: str, number: int) -> None:
        self._standing[bundle] = number
        variant = VARIANTS[bundle][number]
        await self._company.store(bundle, variant.policy, variant.entitled)

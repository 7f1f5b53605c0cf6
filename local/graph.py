"""Ask the Graph simulator, over its control surface, what the main job cost."""

from pydantic import AliasChoices, BaseModel, ConfigDict, Field

from local.api import Web


class Spent(BaseModel):
    """What Graph was asked since the simulator started."""

    model_config = ConfigDict(frozen=True)

    requests: int = 0
    resource_units: int = Field(
        default=0, validation_alias=AliasChoices("resource_units", "resourceUnits")
    )


class Simulator(Web):
    """The Graph simulator's control surface."""

    async def spent(self) -> Spent:
        """Return requests and resource units so far."""
        return Spent.model_validate(await self.ask("GET", "/__sim/stats"))

    async def subscriptions(self) -> int:
        """Return how many change notification subscriptions there are."""
        headers = {"Authorization": "Bearer local"}
        answer = await self.ask("GET", "/v1.0/subscriptions", headers=headers)
        return len(answer["value"])

"""License groups as targets: changes carried out as group memberships."""

from collections.abc import Mapping, Sequence

from adapters.graph import licensing
from adapters.graph.again import look_again
from adapters.graph.client import GraphClient
from adapters.graph.deletions import is_object_id
from adapters.graph.grants import grant
from adapters.graph.pace.pacer import Delay
from adapters.graph.pace.quota import cost_of_changes
from adapters.graph.revokes import revoke
from adapters.graph.verdicts import MALFORMED_GROUP, MALFORMED_PERSON
from adapters.graph.writing import GroupWriter, Sizes
from domain.change import Action, Change
from domain.outcome import Outcome, Postponed


class GraphTargets:
    """The `Targets` port: every person gets an outcome of her own, and nothing is raised."""

    def __init__(self, client: GraphClient) -> None:
        self._client = client
        self._sizes = Sizes()

    async def carry_out(
        self,
        target: str,
        changes: Sequence[Change],
        *,
        urgent: bool = False,
        reserved: bool = False,
    ) -> Mapping[str, Outcome]:
        """Carry out changes at one group; of two about the same person, the later one.

        Revokes come first: the seats they free are the seats grants take.
        """
        actions = {change.person: change.action for change in changes}
        if not is_object_id(target):
            return dict.fromkeys(actions, MALFORMED_GROUP)
        again = _inside(changes)
        leaving = _people(actions, Action.REVOKE)
        joining = [one for one in _people(actions, Action.GRANT) if one not in again]
        cost = cost_of_changes(len(leaving), len(joining))
        writer = GroupWriter(self._client, target, sizes=self._sizes, urgent=urgent, room=cost)
        writer.settle(_malformed(actions), MALFORMED_PERSON)
        if cost.cheap:
            delay = await self._client.enter(cost, urgent=urgent, reserved=reserved)
            if delay is not None:
                writer.settle([*leaving, *joining, *again], _put_off(delay))
                return writer.outcomes
        await revoke(writer, leaving)
        await grant(writer, joining)
        await look_again(self._client, writer, again)
        return writer.outcomes

    async def take_direct(self, people: Mapping[str, Sequence[str]]) -> Mapping[str, Outcome]:
        """Take licenses from people that are assigned to them directly."""
        return await licensing.take_direct(self._client, people)

    async def reprocess(self, people: Sequence[str]) -> Mapping[str, Outcome]:
        """Ask Entra to look at people's licenses again."""
        return await licensing.reprocess(self._client, people)

    async def license(self, target: str, licenses: Mapping[str, Sequence[str]]) -> Outcome:
        """Set licenses of a group; those it has beside them stay as they are."""
        return await licensing.license_group(self._client, target, licenses)


def _put_off(delay: Delay) -> Postponed:
    reason = f"Graph's write quota is used up for the next {delay.after:.0f} seconds."
    return Postponed(delay.after, reason, tried=False, reserved=delay.reserved)


def _inside(changes: Sequence[Change]) -> list[str]:
    last = {change.person: change for change in changes}
    return [
        person
        for person, change in last.items()
        if change.inside and change.action is Action.GRANT and is_object_id(person)
    ]


def _malformed(actions: Mapping[str, Action]) -> list[str]:
    return [person for person in actions if not is_object_id(person)]


def _people(actions: Mapping[str, Action], action: Action) -> list[str]:
    return [
        person for person, wanted in actions.items() if wanted is action and is_object_id(person)
    ]

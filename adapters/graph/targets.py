"""License groups as targets: changes carried out as group memberships."""

from collections.abc import Mapping, Sequence

from adapters.graph.client import GraphClient
from adapters.graph.deletions import is_object_id
from adapters.graph.gate import Gate
from adapters.graph.grants import grant
from adapters.graph.revokes import revoke
from adapters.graph.verdicts import MALFORMED_GROUP, MALFORMED_PERSON
from adapters.graph.writing import GroupWriter
from domain.change import Action, Change
from domain.outcome import Outcome, Postponed


class GraphTargets:
    """The `Targets` port: every person gets an outcome of her own, and nothing is raised."""

    def __init__(self, client: GraphClient) -> None:
        self._client = client
        self._gate = Gate()

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
        if (left := self._gate.left()) > 0:
            return dict.fromkeys(actions, Postponed(left, "Graph's write quota is used up."))
        writer = GroupWriter(self._client, target, self._gate)
        writer.settle(_malformed(actions), MALFORMED_PERSON)
        await revoke(writer, _people(actions, Action.REVOKE))
        await grant(writer, _people(actions, Action.GRANT))
        return writer.outcomes


def _malformed(actions: Mapping[str, Action]) -> list[str]:
    return [person for person in actions if not is_object_id(person)]


def _people(actions: Mapping[str, Action], action: Action) -> list[str]:
    return [
        person for person, wanted in actions.items() if wanted is action and is_object_id(person)
    ]

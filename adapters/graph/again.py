"""Let Entra look again at people who are in the group already and lack its license.

Entra does not try by itself again what failed; it looks again when asked, and after a change of
membership (Entra docs: licensing-groups-resolve-problems). Where the app may not ask, the
membership is taken out and put back: who has no license by this group loses nothing by that.
"""

from collections.abc import Sequence

from adapters.graph.client import GraphClient
from adapters.graph.grants import grant
from adapters.graph.licenses import raw_states
from adapters.graph.licensing import MAY_NOT_REPROCESS, outcome_of, reprocess
from adapters.graph.paging import Json
from adapters.graph.revokes import revoke
from adapters.graph.verdicts import ALREADY, NO_PERSON
from adapters.graph.writing import GroupWriter
from domain.errors import Later, Never
from domain.outcome import Applied, Outcome, Postponed, Refused

PUT_BACK = Applied("taken out and put back, for Entra to look again")
HOLDS_SOME = Refused(
    "The person holds some of the group's licenses, so she is not taken out for the others.",
    MAY_NOT_REPROCESS.fix,
)
NOT_YET_OUT = Postponed(30.0, "Graph has not taken note of the removal yet; she is put back then.")
_HELD = ("Active", "ActiveWithError")


async def look_again(client: GraphClient, writer: GroupWriter, people: Sequence[str]) -> None:
    """Ask Entra to look again at people in the writer's group, and settle each."""
    outcomes = await reprocess(client, people)
    for person, outcome in outcomes.items():
        writer.settle([person], outcome)
    denied = [person for person in people if outcomes[person] == MAY_NOT_REPROCESS]
    if denied:
        await _out_and_in(writer, await _unlicensed(client, writer, denied))


async def _unlicensed(
    client: GraphClient, writer: GroupWriter, people: Sequence[str]
) -> Sequence[str]:
    """Return those who hold nothing by this group even now; settle the others."""
    try:
        found = await raw_states(client, people)
    except (Later, Never) as error:
        writer.settle(people, outcome_of(error))
        return ()
    judged = {person: _judged(states, writer.group) for person, states in found.items()}
    for person, outcome in judged.items():
        if outcome is not None:
            writer.settle([person], outcome)
    return [person for person in people if judged[person] is None]


def _judged(states: Sequence[Json] | None, group: str) -> Outcome | None:
    if states is None:
        return NO_PERSON
    ours = [state.get("state") for state in states if state.get("assignedByGroup") == group]
    if ours and all(state == "Active" for state in ours):
        return ALREADY
    return HOLDS_SOME if any(state in _HELD for state in ours) else None


async def _out_and_in(writer: GroupWriter, people: Sequence[str]) -> None:
    await revoke(writer, people)
    removed = {person for person in people if writer.outcomes[person] == Applied()}
    out = [person for person in people if isinstance(writer.outcomes[person], Applied)]
    await grant(writer, out)
    for person in out:
        outcome = writer.outcomes[person]
        if outcome == Applied():
            writer.settle([person], PUT_BACK)
        elif outcome == ALREADY and person in removed:
            # She was taken out just now: a replica that is behind still counts her in.
            writer.settle([person], NOT_YET_OUT)

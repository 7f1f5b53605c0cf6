"""One call's writes to one group: batch after batch, until done or until Graph says wait."""

from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from adapters.graph.batch import MOST, Call, post
from adapters.graph.client import GraphClient, NoRoom
from adapters.graph.errors import error_of, is_transient
from adapters.graph.pace.batches import BatchSize
from adapters.graph.pace.quota import NOTHING, Cost
from adapters.graph.permissions import READ_GROUPS, WRITE_MEMBERS
from adapters.graph.priority import Priority
from adapters.graph.reply import Reply
from adapters.graph.verdicts import ALREADY, NO_GROUP
from adapters.graph.waits import wait_of
from domain.errors import Later, Never, SeatflowError
from domain.outcome import Outcome, Postponed, Refused

UNAVAILABLE = 503

PATCHES = 5
"""So many PATCHes of 20 members in one batch stay clean; Graph answers 503 to many of twenty."""


class Sizes:
    """How many requests go into one batch at present; one for the whole process."""

    def __init__(self) -> None:
        self.patches = BatchSize(PATCHES)
        self.removals = BatchSize(MOST)


@dataclass(frozen=True, slots=True)
class Write:
    """One call, and the people it is about."""

    people: tuple[str, ...]
    call: Call


class GroupWriter:
    """Sends writes to one group and keeps everyone's outcome.

    Writes to one group are never sent at the same time, for Graph refuses some of them then. When
    Graph asks to wait nothing more is sent, because refused calls count as used, too; whoever is
    left is postponed, and so she is when no answer came: all writes here may be repeated.
    """

    def __init__(
        self,
        client: GraphClient,
        group: str,
        *,
        sizes: Sizes | None = None,
        urgent: bool = False,
        room: Cost = NOTHING,
    ) -> None:
        self.group = group
        self.endpoint = client.endpoint
        self.sizes = sizes or Sizes()
        self._client = client
        self._priority = Priority.HIGH if urgent else Priority.LOW
        self._room = room
        self._outcomes: dict[str, Outcome] = {}
        self._stop: Outcome | None = None
        self._choked = False

    @property
    def outcomes(self) -> Mapping[str, Outcome]:
        """The outcomes so far, by person."""
        return self._outcomes

    def settle(self, people: Iterable[str], outcome: Outcome) -> None:
        """Give these people an outcome."""
        self._outcomes.update(dict.fromkeys(people, outcome))

    async def post(self, writes: Sequence[Write]) -> list[tuple[Write, Reply]]:
        """Post one batch and return the answers that are for the caller to judge.

        Everyone whose write was not answered, or must wait, has her outcome already.
        """
        answers = list(zip(writes, await self._replies(writes), strict=False))
        self._choked = any(reply.status == UNAVAILABLE for _, reply in answers)
        waits = [wait_of(reply) for _, reply in answers if is_transient(reply)]
        if waits:
            self._stop = Postponed(max(waits), _reason(reply for _, reply in answers))
        final = [(write, reply) for write, reply in answers if not is_transient(reply)]
        if self._stop is not None:
            judged = {person for write, _ in final for person in write.people}
            everyone = (person for write in writes for person in write.people)
            self.settle((person for person in everyone if person not in judged), self._stop)
        return final

    async def post_in_parts(
        self, writes: Sequence[Write], size: BatchSize
    ) -> AsyncIterator[tuple[Write, Reply]]:
        """Post all in as many batches as it takes, as large as Graph bears at present."""
        rest = list(writes)
        while rest:
            part, rest = rest[: size.now], rest[size.now :]
            answers = await self.post(part)
            if self._choked:
                size.choked()
            elif self._stop is None:
                size.went_well()
            for answer in answers:
                yield answer

    async def settle_absent(self, people: Sequence[str]) -> None:
        """Settle people Graph did not find in the group: they are out, unless the group is gone."""
        if people:
            self.settle(people, self._stop or await self._group_exists())

    async def _replies(self, writes: Sequence[Write]) -> list[Reply]:
        if self._stop is None:
            try:
                return await self._post([write.call for write in writes])
            except (Later, Never) as error:
                self._stop = _outcome_of(error)
        return []

    async def _post(self, calls: Sequence[Call]) -> list[Reply]:
        left = self._room - sum((call.cost for call in calls), NOTHING)
        room = left.cheap >= 0 and left.dear >= 0
        if room:
            self._room = left
        return await post(self._client, calls, WRITE_MEMBERS, priority=self._priority, room=room)

    async def _group_exists(self) -> Outcome:
        try:
            reply = await self._client.send("GET", f"/groups/{self.group}?$select=id")
        except (Later, Never) as error:
            return _outcome_of(error)
        if reply.ok:
            return ALREADY
        return NO_GROUP if reply.status == 404 else _outcome_of(error_of(reply, READ_GROUPS))


def _outcome_of(error: SeatflowError) -> Outcome:
    if isinstance(error, Never):
        return Refused(error.reason, error.fix)
    if isinstance(error, NoRoom):
        return Postponed(error.after, str(error), tried=False)
    return Postponed(error.after if isinstance(error, Later) else 0.0, str(error))


def _reason(replies: Iterator[Reply]) -> str:
    first = next(reply for reply in replies if is_transient(reply))
    return f"Graph cannot answer now: {first.described()}."

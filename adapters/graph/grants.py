"""Add people to a group: twenty at a time, and one by one where twenty are refused."""

from collections.abc import Sequence

from adapters.graph.batch import MOST, Call
from adapters.graph.concurrency import chunks
from adapters.graph.deletions import checked
from adapters.graph.reply import Reply
from adapters.graph.verdicts import about_whole_group, of_grant
from adapters.graph.writing import GroupWriter, Write

REFERENCES = 20
"""So many members one PATCH may add, all or none (Graph docs: group-post-members)."""


async def grant(writer: GroupWriter, people: Sequence[str]) -> None:
    """Add people to the writer's group and settle each."""
    refused: list[str] = []
    writes = [_together(writer, tuple(piece)) for piece in chunks(people, REFERENCES)]
    async for write, reply in writer.post_in_parts(writes, writer.sizes.patches):
        if _speaks_for_all(writer, write, reply):
            writer.settle(write.people, of_grant(reply, writer.group))
        else:
            refused += write.people
    await _one_by_one(writer, refused)


async def _one_by_one(writer: GroupWriter, people: Sequence[str]) -> None:
    for part in chunks(people, MOST):
        for write, reply in await writer.post([_alone(writer, person) for person in part]):
            writer.settle(write.people, of_grant(reply, writer.group))


def _speaks_for_all(writer: GroupWriter, write: Write, reply: Reply) -> bool:
    return reply.ok or len(write.people) == 1 or about_whole_group(reply, writer.group)


def _together(writer: GroupWriter, people: tuple[str, ...]) -> Write:
    references = [_reference(writer, person) for person in people]
    path = f"/groups/{checked(writer.group)}"
    return Write(people, Call("PATCH", path, {"members@odata.bind": references}))


def _alone(writer: GroupWriter, person: str) -> Write:
    path = f"/groups/{checked(writer.group)}/members/$ref"
    return Write((person,), Call("POST", path, {"@odata.id": _reference(writer, person)}))


def _reference(writer: GroupWriter, person: str) -> str:
    return f"{writer.endpoint}/directoryObjects/{checked(person)}"

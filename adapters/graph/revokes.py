"""Take people out of a group: Graph has no bulk removal, so twenty single ones in a batch."""

from collections.abc import Sequence

from adapters.graph.batch import Call
from adapters.graph.deletions import removal
from adapters.graph.verdicts import of_revoke
from adapters.graph.writing import GroupWriter, Write


async def revoke(writer: GroupWriter, people: Sequence[str]) -> None:
    """Take people out of the writer's group and settle each."""
    absent: list[str] = []
    writes = [_removal(writer, person) for person in people]
    async for write, reply in writer.post_in_parts(writes, writer.sizes.removals):
        outcome = of_revoke(reply)
        if outcome is None:
            absent += write.people
        else:
            writer.settle(write.people, outcome)
    await writer.settle_absent(absent)


def _removal(writer: GroupWriter, person: str) -> Write:
    return Write((person,), Call("DELETE", removal(writer.group, person)))

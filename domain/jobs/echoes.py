"""Echoes: what was told of the targets that the ledger says as well, as we wrote it ourselves."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime

from domain.bundle import Bundle
from domain.chain import LineState, read
from domain.change import Action
from domain.decision.known import Known
from domain.errors import Never
from domain.jobs.gather import know
from domain.ledger import CAME_TO_NOTHING, State
from domain.ports import Ports
from domain.watching.notice import Mention, Moved, What
from domain.watching.reach import Reach

_ACTIONS = {What.JOINED: Action.GRANT, What.LEFT: Action.REVOKE}
_FEW = 50
"""So many people's last decisions are looked up one by one, which takes milliseconds each."""
_LATELY = 500
"""Entries at the end of a bundle's history that tell of more: Graph's write quota lets no more be
carried out in some minutes, and reading them takes a fraction of a second."""
_WRITTEN = (LineState.APPLIED, LineState.CONFIRMED)

type Written = tuple[Action, datetime | None]
"""What was done, or is about to be; and when, where that was just now."""


async def echoes(ports: Ports, moved: Moved, reach: Reach) -> dict[Mention, datetime | None]:
    """Return what the last decision says as well; with when we wrote it, if just now.

    Whoever is not found here is looked at, which costs more and does no harm.
    """
    said: dict[Mention, datetime | None] = {}
    for group, bundles in reach.targets.items():
        members = [told for told in moved.members if told.group == group]
        for bundle in bundles if members else ():
            written = await _written(ports, bundle, {told.id for told in members})
            for told in members:
                action, moment = written.get(told.id, (None, None))
                if action is _ACTIONS[told.what]:
                    said[told] = moment
    return said


async def _written(ports: Ports, bundle: Bundle, people: Collection[str]) -> Mapping[str, Written]:
    """Return the last decisions about people that stand."""
    known = await know(ports, bundle)
    others = sorted(people - known.in_flight.keys())
    lately: Mapping[str, Written] = {}
    if len(others) > _FEW:
        lately = await _lately(ports, known)
    elif others:
        known = replace(known, rows=await ports.ledger.rows(bundle.id, others))
    return {**lately, **_standing(known, people)}


def _standing(known: Known, people: Collection[str]) -> dict[str, Written]:
    rows = [row for person in people if (row := known.row(person))]
    return {
        row.person: (row.action, row.updated_at if row.state is State.APPLIED else None)
        for row in rows
        if row.state not in CAME_TO_NOTHING
    }


async def _lately(ports: Ports, known: Known) -> Mapping[str, Written]:
    """Return what the end of the history tells was done, unless it tells of something else since.

    Nothing, where an entry cannot be read: `seatflow ledger verify` tells of that.
    """
    done: dict[str, Written] = {}
    async for sealed in ports.ledger.entries(known.bundle.id, max(0, known.number - _LATELY)):
        try:
            entry = read(sealed)
        except Never:
            return {}
        for line in entry.lines:
            if line.action and line.state in _WRITTEN:
                moment = entry.at if line.state == LineState.APPLIED else None
                done[line.person] = (line.action, moment)
            else:
                done.pop(line.person, None)
    return done

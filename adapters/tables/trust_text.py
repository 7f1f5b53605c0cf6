"""How notifications have compared with inventories, as one text."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from domain.watching.trust import Round, Trust


def trust_text(trust: Trust) -> str:
    """Return the text."""
    return json.dumps(
        {
            "at": trust.at.isoformat() if trust.at else None,
            "untold": {resource: sorted(ids) for resource, ids in trust.untold.items()},
            "rounds": {
                resource: [list((asdict(one) | {"at": one.at.isoformat()}).values()) for one in all]
                for resource, all in trust.rounds.items()
            },
        }
    )


def read_trust(text: str) -> Trust:
    """Return what a text says."""
    read = json.loads(text)
    return Trust(
        at=datetime.fromisoformat(read["at"]) if read["at"] else None,
        untold={resource: frozenset(ids) for resource, ids in read["untold"].items()},
        rounds={resource: tuple(map(_round, all)) for resource, all in read["rounds"].items()},
    )


def _round(values: Sequence[Any]) -> Round:
    at, found, missed, late, told, repeated, lags = values
    moment = datetime.fromisoformat(at)
    return Round(moment, found, missed, late, told, repeated, tuple(lags))

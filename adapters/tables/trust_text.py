"""How notifications have compared with inventories, as one text."""

import json
from dataclasses import asdict
from datetime import datetime

from domain.trust import Round, Trust


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
        rounds={
            resource: tuple(
                Round(datetime.fromisoformat(at), *counts, lags=tuple(lags))
                for at, *counts, lags in all
            )
            for resource, all in read["rounds"].items()
        },
    )

"""Names beside ids: people read names, and decisions know ids only."""

from collections.abc import Iterable

from domain.errors import Never
from domain.ports import Ports

MOST = 2_000
"""A longer list is read by machines."""


async def names_of(ports: Ports, people: Iterable[str]) -> dict[str, str]:
    """Return the user principal names of these people, as of the latest inventory.

    Who is not in it has none; of a very long list nobody is named.
    """
    ids = sorted(set(people))
    snapshot = await ports.warehouse.latest() if 0 < len(ids) <= MOST else None
    if snapshot is None:
        return {}
    column = snapshot.people.column("userPrincipalName")
    rows = snapshot.people.rows(ids)
    return {snapshot.people.id(row): str(column[row] or "") for row in rows.tolist()}


async def id_of(ports: Ports, person: str) -> str:
    """Return a person's object id; one who is gone from the tenant is known by her id still.

    Args:
        person: object id, user principal name or mail address.

    Raises:
        Never: nobody has this name, or several people have this mail address.
    """
    if "@" not in person:
        return person.lower()
    found = await ports.directory.find_person(person)
    if found is None:
        raise Never(
            f"There is nobody {person} in the tenant now.",
            "Somebody who is gone is found by her object id.",
        )
    return found

"""Control: pause and resume everything, protect and unprotect a person."""

from domain.controls import ControlEvent, Controls, Switch
from domain.errors import Never
from domain.ports import Ports


async def switch(ports: Ports, what: Switch, by: str, reason: str, person: str = "") -> Controls:
    """Use a control; `person` is an object id or a user principal name where one is meant.

    Raises:
        Never: there is no such person.
        Later: the storage or Graph cannot answer now.
    """
    id = await _id(ports, person, what) if person else ""
    event = ControlEvent(what, by, ports.clock.now(), reason, id)
    await ports.switches.use(event)
    ports.log.note(f"control.{what}", person=id)
    return await ports.switches.read()


async def _id(ports: Ports, person: str, what: Switch) -> str:
    if what is Switch.UNPROTECT and person.lower() in (await ports.switches.read()).protected:
        return person.lower()  # she may have left the directory since
    found = await ports.directory.find_person(person)
    if found is None:
        raise Never(f"There is no person {person} in the directory.", "Look for a typing error.")
    return found

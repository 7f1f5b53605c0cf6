"""Control: pause and resume everything, protect and unprotect a person."""

from domain.controls import ControlEvent, Controls, Switch
from domain.errors import Never
from domain.jobs.request import request_run
from domain.ports import Ports


async def switch(
    ports: Ports, what: Switch, by: str, reason: str, person: str = "", run: str = ""
) -> Controls:
    """Use a control; what it kept back follows at once when it ends.

    Args:
        person: object id or user principal name, where one is meant.
        run: the id under which everything is inventoried and compiled after it.

    Raises:
        Never: there is no such person.
        Later: the storage or Graph cannot answer now.
    """
    id = await _id(ports, person, what) if person else ""
    event = ControlEvent(what, by, ports.clock.now(), reason, id)
    await ports.switches.use(event)
    ports.log.note(f"control.{what}", person=id)
    if run and await ports.warehouse.latest() is not None:
        await request_run(ports, run)  # hints that came meanwhile were not followed
    return await ports.switches.read()


async def _id(ports: Ports, person: str, what: Switch) -> str:
    if what is Switch.UNPROTECT and person.lower() in (await ports.switches.read()).protected:
        return person.lower()  # she may have left the directory since
    found = await ports.directory.find_person(person)
    if found is None:
        raise Never(f"There is no person {person} in the directory.", "Look for a typing error.")
    return found

"""Timer triggers: each hands over to its job; an anticipated failure fails the invocation."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import azure.functions as func

from domain.kinds import FURTHER, Kind
from functions.hosted import hosted

if TYPE_CHECKING:
    from domain.jobs import Jobs


def blueprint(jobs: "Callable[[], Jobs]") -> func.Blueprint:
    """Return the timers: one for each job, and one for each kind of facts beside the core."""
    bp = func.Blueprint()

    @bp.function_name("inventory")
    @bp.timer_trigger("timer", "%INVENTORY_SCHEDULE%")
    async def inventory(timer: func.TimerRequest) -> None:
        """When the core of the inventory is read: people, groups, memberships, products."""
        await hosted(jobs().inventory())

    @bp.function_name("compile")
    @bp.timer_trigger("timer", "%COMPILE_SCHEDULE%")
    async def compile_all(timer: func.TimerRequest, context: func.Context) -> None:
        """When every bundle is compiled."""
        await hosted(jobs().compile(context.invocation_id))

    @bp.function_name("confirm")
    @bp.timer_trigger("timer", "%CONFIRM_SCHEDULE%")
    async def confirm_changes(timer: func.TimerRequest) -> None:
        """When Entra is asked whether what was carried out has come to be."""
        await hosted(jobs().confirm())

    @bp.function_name("sweep")
    @bp.timer_trigger("timer", "%SWEEP_SCHEDULE%")
    async def sweep_outbox(timer: func.TimerRequest) -> None:
        """When it is looked for what was written and never sent."""
        await hosted(jobs().sweep())

    @bp.function_name("dead_letters")
    @bp.timer_trigger("timer", "%DEAD_LETTERS_SCHEDULE%")
    async def dead_letters(timer: func.TimerRequest) -> None:
        """When dead letters are taken into the ledger."""
        await hosted(jobs().bury_dead_letters())

    @bp.function_name("renew_watches")
    @bp.timer_trigger("timer", "%RENEW_WATCHES_SCHEDULE%")
    async def renew(timer: func.TimerRequest) -> None:
        """When change subscriptions are looked after."""
        await hosted(jobs().renew_watches())

    for kind in FURTHER:
        _look_after(bp, kind, jobs)

    return bp


def _look_after(bp: func.Blueprint, kind: Kind, jobs: "Callable[[], Jobs]") -> None:
    @bp.function_name(kind.timer)
    @bp.timer_trigger("timer", f"%{kind.schedule}%")
    async def look(timer: func.TimerRequest) -> None:
        await hosted(jobs().shelve(kind.name))

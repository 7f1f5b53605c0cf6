"""Timer triggers: each hands over to its job; an anticipated failure fails the invocation."""

from collections.abc import Callable

import azure.functions as func

from domain.jobs.compile import compile_everything
from domain.jobs.confirm import confirm
from domain.jobs.dead_letters import bury
from domain.jobs.inventory import take_inventory
from domain.jobs.sweep import sweep
from domain.jobs.watch import renew_watches
from domain.ports import Ports


def blueprint(ports: Callable[[], Ports]) -> func.Blueprint:
    """Return the timers: inventory, compile, confirm, sweep, dead_letters, renew_watches."""
    bp = func.Blueprint()

    @bp.function_name("inventory")
    @bp.timer_trigger("timer", "%INVENTORY_SCHEDULE%")
    async def inventory(timer: func.TimerRequest) -> None:
        await take_inventory(ports())

    @bp.function_name("compile")
    @bp.timer_trigger("timer", "%COMPILE_SCHEDULE%")
    async def compile_all(timer: func.TimerRequest, context: func.Context) -> None:
        await compile_everything(ports(), context.invocation_id)

    @bp.function_name("confirm")
    @bp.timer_trigger("timer", "%CONFIRM_SCHEDULE%")
    async def confirm_changes(timer: func.TimerRequest) -> None:
        await confirm(ports())

    @bp.function_name("sweep")
    @bp.timer_trigger("timer", "%SWEEP_SCHEDULE%")
    async def sweep_outbox(timer: func.TimerRequest) -> None:
        await sweep(ports())

    @bp.function_name("dead_letters")
    @bp.timer_trigger("timer", "%DEAD_LETTERS_SCHEDULE%")
    async def dead_letters(timer: func.TimerRequest) -> None:
        await bury(ports())

    @bp.function_name("renew_watches")
    @bp.timer_trigger("timer", "%RENEW_WATCHES_SCHEDULE%")
    async def renew(timer: func.TimerRequest) -> None:
        await renew_watches(ports())

    return bp

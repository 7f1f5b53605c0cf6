"""Ways in: timers, queues, webhooks and HTTP. The only place that knows azure.functions."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import azure.functions as func

from functions import health, queues, timers, webhooks
from functions.admin import triggers as admin
from functions.locks import CLOSED, Locks

if TYPE_CHECKING:
    from domain.jobs import Jobs


def create_app(jobs: "Callable[[], Jobs]", locks: Locks = CLOSED) -> func.FunctionApp:
    """Make the function app.

    Args:
        jobs: gives the jobs at the first call that needs them, so that loading the app stays
            quick and connects to nothing.
        locks: what opens the admin surface.
    """
    app = func.FunctionApp()
    for module in (timers, queues, webhooks, health):
        app.register_functions(module.blueprint(jobs))
    app.register_functions(admin.blueprint(jobs, locks))
    return app

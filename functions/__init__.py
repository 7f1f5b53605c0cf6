"""Ways in: timers, queues, webhooks and HTTP. The only place that knows azure.functions."""

from collections.abc import Callable

import azure.functions as func

from domain.ports import Ports
from functions import bundles, health, operations, queues, timers, webhooks


def create_app(ports: Callable[[], Ports]) -> func.FunctionApp:
    """Make the function app.

    Args:
        ports: gives the ports at the first call that needs them, so that loading the app stays
            quick and connects to nothing.
    """
    app = func.FunctionApp(http_auth_level=func.AuthLevel.FUNCTION)
    for module in (timers, queues, webhooks, bundles, operations, health):
        app.register_functions(module.blueprint(ports))
    return app

"""The app that Azure Functions loads: where ways in, domain and ways out meet."""

import os
from functools import cache

from adapters.settings import Settings
from domain.ports import Ports
from functions import create_app

settings = Settings.from_environment(os.environ)


@cache
def ports() -> Ports:
    """Connect at the first call that needs it: loading the app imports no SDK."""
    from adapters.connect import connect

    return connect(settings)


app = create_app(ports)

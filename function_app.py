"""The app that Azure Functions loads: where ways in, domain and ways out meet."""

import os
from functools import cache
from typing import TYPE_CHECKING

from adapters.settings import Settings
from functions import create_app

if TYPE_CHECKING:
    from domain.jobs import Jobs

settings = Settings.from_environment(os.environ)


@cache
def jobs() -> "Jobs":
    """Connect at the first call that needs it: loading the app imports no SDK."""
    from adapters.connect import connect
    from domain.jobs import Jobs

    return Jobs(connect(settings))


app = create_app(jobs)

"""The app that Azure Functions loads: where ways in, domain and ways out meet."""

import os
from functools import cache
from typing import TYPE_CHECKING

from adapters.settings import Settings
from functions import create_app
from functions.locks import Locks

if TYPE_CHECKING:
    from domain.jobs import Jobs
    from domain.ports import Certificates

settings = Settings.from_environment(os.environ)


@cache
def jobs() -> "Jobs":
    """Connect at the first call that needs it: loading the app imports no SDK."""
    from adapters.connect import connect
    from domain.jobs import Jobs

    return Jobs(connect(settings))


@cache
def certificates() -> "Certificates":
    """Read what is known of machines' certificates, when the first one is shown."""
    from adapters.certificates.read import trusted_certificates

    return trusted_certificates(settings)


app = create_app(
    jobs,
    Locks(
        settings.sign_in,
        certificates if settings.certificate_roles else None,
        settings.sign_in_token,
    ),
)

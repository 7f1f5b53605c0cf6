"""The app's own triggers over the office of the tests."""

from collections.abc import Mapping

from domain.caller import Caller, Role
from domain.jobs import Jobs
from functions import create_app
from functions.locks import PRINCIPAL, Locks
from tests.triggers.stage import office


class EitherWay(Locks):
    """Easy Auth where its header is there, else the local stack's way."""

    def admit(self, headers: Mapping[str, str], needed: Role) -> Caller:
        way = Locks("easy-auth") if headers.get(PRINCIPAL) else Locks("local")
        return way.admit(headers, needed)


app = create_app(lambda: Jobs(office().ports), EitherWay())

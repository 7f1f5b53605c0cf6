"""Who may read sign-ins, and how often.

Graph docs, resources/signInActivity and throttling-limits: a permission and a premium license of
the tenant; lists count as reports do, and single people have a limit of their own.
"""

from simulators.graph import errors, permissions
from simulators.graph.query import Options
from simulators.graph.wire import Request
from simulators.graph.world import World

PROPERTY = "signInActivity"


def admit(world: World, request: Request, asked: Options) -> None:
    """Raise the refusal for a request for sign-ins that is not allowed, or not now."""
    if PROPERTY not in asked.select and PROPERTY not in (asked.filter or ""):
        return
    permissions.require(world.settings.granted, permissions.READ_SIGN_INS)
    if not world.settings.premium:
        raise errors.not_premium()
    if asked.top > world.settings.sign_in_page:
        raise errors.invalid_top(world.settings.sign_in_page)
    if "user" in request.args:
        world.throttle.spend_sign_in()
    else:
        world.throttle.spend_report()

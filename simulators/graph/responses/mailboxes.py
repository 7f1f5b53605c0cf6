"""Mailboxes: whether they answer by themselves (Graph docs: user-get-mailboxsettings)."""

from simulators.graph import errors
from simulators.graph.wire import Request, Response
from simulators.graph.world import World

_DISABLED = {
    "status": "disabled",
    "externalAudience": "all",
    "internalReplyMessage": "",
    "externalReplyMessage": "",
    "scheduledStartDateTime": {"dateTime": "2026-10-30T08:00:00.0000000", "timeZone": "UTC"},
    "scheduledEndDateTime": {"dateTime": "2026-10-31T08:00:00.0000000", "timeZone": "UTC"},
}
"""Exchange tells times even where nothing is scheduled."""


def get_automatic_replies(world: World, request: Request) -> Response:
    """GET /users/{id or name}/mailboxSettings/automaticRepliesSetting."""
    name = request.args["user"]
    user = world.replica.get("users", world.directory.user_id(name))
    if user is None:
        raise errors.not_found(name)
    if not user.get("mail"):
        raise errors.no_mailbox()
    own = (user.get("mailboxSettings") or {}).get("automaticRepliesSetting") or {}
    context = (
        f"{request.base_url}/$metadata#users('{name}')/mailboxSettings/automaticRepliesSetting"
    )
    return Response(body={"@odata.context": context, **_DISABLED, **own})

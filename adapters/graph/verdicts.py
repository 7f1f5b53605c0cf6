"""What Graph's answer to one membership write means for the person it was about.

Graph has one code for many cases, so clients must read the words, too (Graph docs:
group-post-members, group-delete-members; bodies as recorded by programs in production).
"""

from dataclasses import dataclass

from adapters.graph.errors import is_transient
from adapters.graph.permissions import WRITE_MEMBERS
from adapters.graph.reply import Reply
from adapters.graph.waits import wait_of
from domain.outcome import ALREADY_SO, Applied, Outcome, Postponed, Refused

ALREADY = Applied(ALREADY_SO)


@dataclass(frozen=True, slots=True)
class Refusal:
    """One way in which Graph refuses, known by status, words and, if they say nothing, code."""

    status: int
    words: str
    reason: str
    fix: str
    whole_group: bool = False
    """Whether it is about the group, so that nobody can be written."""

    def fits(self, reply: Reply) -> bool:
        """Tell whether the reply is this refusal."""
        return reply.status == self.status and reply.says(self.words)


REFUSALS = (
    Refusal(
        403,
        "Guests users are not allowed to join",
        "The group takes no guests.",
        "Allow guests in the group, or exclude guests from the bundle.",
    ),
    Refusal(
        403,
        "would exceed the maximum quota count",
        "The group is full.",
        "Raise the group's member quota, or hand the bundle out through another group.",
    ),
    Refusal(
        403,
        "Insufficient privileges",
        "Graph denied the write.",
        f"Grant the app's identity the application permission {WRITE_MEMBERS}. If it has that, "
        "the group is dynamic or can be assigned to roles: use an assigned group that can not.",
        whole_group=True,
    ),
    Refusal(
        400,
        "on-premises mastered Directory Sync objects",
        "The group is synced from on-premises.",
        "Use a cloud group as the bundle's target.",
        whole_group=True,
    ),
    Refusal(
        400,
        "Cannot Update a mail-enabled security groups",
        "The group is mail-enabled, so Graph cannot write it.",
        "Use a plain security group as the bundle's target.",
        whole_group=True,
    ),
    Refusal(
        400,
        "Unsupported referenced-object resource identifier",
        "The id is not that of an object that can be a member.",
        "Correct the id, or exclude it from the bundle.",
    ),
)

NO_GROUP = Refused("The group does not exist.", "Create it, or name another target in the bundle.")
NO_PERSON = Refused(
    "The person is not in the directory.", "Nothing, if she left; else restore her account."
)
MALFORMED_GROUP = Refused(
    "The target is not an object id.", "Name the target group by its object id in the bundle."
)
MALFORMED_PERSON = Refused(
    "This is not an object id.", "Name the person by object id; nothing was sent to Graph."
)


def of_grant(reply: Reply, group: str) -> Outcome:
    """Return what became of one person who was to be added."""
    if reply.status == 400 and reply.says("added object references already exist"):
        return ALREADY
    if reply.status == 404:
        return NO_GROUP if reply.says(group) else NO_PERSON
    return _otherwise(reply)


def of_revoke(reply: Reply) -> Outcome | None:
    """Return what became of one person who was to be removed.

    None where Graph says that something does not exist: she is out if the group exists, and
    Graph's words are the same if it does not.
    """
    if reply.status == 400 and reply.says("removed object references do not exist"):
        return ALREADY
    return None if reply.status == 404 else _otherwise(reply)


def about_whole_group(reply: Reply, group: str) -> bool:
    """Tell whether nobody can be written, so that asking one by one would be of no use."""
    if reply.status == 404:
        return reply.says(group)
    return any(refusal.whole_group and refusal.fits(reply) for refusal in REFUSALS)


def _otherwise(reply: Reply) -> Outcome:
    if reply.ok:
        return Applied()
    if is_transient(reply):
        return Postponed(wait_of(reply), f"Graph cannot answer now: {reply.described()}.")
    for refusal in REFUSALS:
        if refusal.fits(reply):
            return Refused(refusal.reason, refusal.fix)
    if reply.status == 401:
        return Refused(
            f"Graph does not accept the app's token: {reply.described()}.",
            "Check that the app's identity exists in this tenant.",
        )
    return Refused(
        f"Graph refused the write: {reply.described()}.",
        "Look the code up in Graph's documentation; the request id helps Microsoft's support.",
    )

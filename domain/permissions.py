"""Which Graph application permissions each feature needs.

This is the one table of it: the documentation, the script that grants them, `doctor` and the tests
read it. What Graph's denials are named by stands in `adapters/graph/permissions.py`.
Source: Microsoft Graph's permission metadata, least privileged application permissions.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from domain.errors import Never
from domain.kinds import FURTHER


@dataclass(frozen=True, slots=True, kw_only=True)
class Feature:
    """Something that needs permissions of its own."""

    name: str
    what: str
    """One line."""
    permissions: tuple[str, ...]
    without: str = ""
    """What happens where they are missing; empty for what nothing works without."""
    on: bool = True
    """Whether they are granted unless somebody says otherwise."""


OWN = (
    Feature(
        name="inventory",
        what="read people, groups and their members, products and licenses",
        permissions=("User.Read.All", "GroupMember.Read.All", "LicenseAssignment.Read.All"),
    ),
    Feature(
        name="members",
        what="put people into license groups and take them out",
        permissions=("GroupMember.ReadWrite.All",),
        without="only groups that the identity owns can be written; a dry run needs none",
    ),
    Feature(
        name="watch",
        what="hear of changed people and groups at once",
        permissions=("User.Read.All", "Group.Read.All"),
        without="changes are seen by the next inventory",
    ),
    Feature(
        name="drift",
        what="say who changed a license group by hand",
        permissions=("AuditLog.Read.All",),
        without="it is told without who",
    ),
    Feature(
        name="licenses",
        what="set products and service plans on license groups, and remove direct licenses",
        permissions=("LicenseAssignment.ReadWrite.All",),
        without="`seatflow licenses` says what is to be set by hand",
        on=False,
    ),
    Feature(
        name="reprocess",
        what="ask Entra to look again where it gave a member no license",
        permissions=("User.ReadWrite.All",),
        without="the person is taken out of the group and put back",
        on=False,
    ),
)

FEATURES: Mapping[str, Feature] = {
    **{each.name: each for each in OWN},
    **{
        kind.name: Feature(
            name=kind.name,
            what=f"inventory of {kind.what}",
            permissions=kind.permissions,
            without="it is not read",
            on=kind.on,
        )
        for kind in FURTHER
    },
}
"""By name; each further kind of facts is a feature of its own."""

ROLES: Mapping[str, str] = {
    **dict.fromkeys(
        (
            "User.Read.All",
            "GroupMember.Read.All",
            "Group.Read.All",
            "LicenseAssignment.Read.All",
            "Organization.Read.All",
        ),
        "Directory Readers",
    ),
    "AuditLog.Read.All": "Reports Reader",
    "Reports.Read.All": "Reports Reader",
}
"""The role in Entra that lets a person do what a permission lets an application do, by permission.
Global Reader is as good as any of them. No role lets a person read others' mailbox settings.

Source: Entra docs, built-in roles; roles and licenses of the monitoring logs.
"""


def features(more: Collection[str] = (), fewer: Collection[str] = ()) -> tuple[Feature, ...]:
    """Return the features that are on, with and without these.

    Raises:
        Never: there is no feature of such a name, or nothing works without it.
    """
    for name in (*more, *fewer):
        if name not in FEATURES:
            raise Never(f"There is no feature {name!r}.", f"Known are {', '.join(FEATURES)}.")
    for name in fewer:
        if not FEATURES[name].without:
            raise Never(f"Nothing works without {name}.", "Leave it on.")
    chosen = {name for name, each in FEATURES.items() if each.on} | {*more}
    return tuple(each for name, each in FEATURES.items() if name in chosen - {*fewer})


def needed_by(chosen: Collection[Feature]) -> Mapping[str, tuple[str, ...]]:
    """Return the permissions these features need, each with the features it is for."""
    names = sorted({permission for each in chosen for permission in each.permissions})
    return {name: tuple(each.name for each in chosen if name in each.permissions) for name in names}


def features_on(kinds: Collection[str], *, writes: bool, watches: bool) -> frozenset[str]:
    """Return the names of the features that an app uses.

    Args:
        kinds: the further kinds of facts that are switched on.
        writes: it is no dry run.
        watches: Graph knows where to reach it.
    """
    unused = {name for name, used in (("members", writes), ("watch", watches)) if not used}
    return frozenset({each.name for each in OWN if each.on} - unused | {*kinds})

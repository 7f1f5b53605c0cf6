"""Application permissions: which of them allow what.

From Microsoft's permission metadata; the first of each is the least privileged.
"""

from collections.abc import Collection

from simulators.graph import errors

READ_PRODUCTS = ("LicenseAssignment.Read.All", "Organization.Read.All", "Directory.Read.All")
READ_LICENSE_DETAILS = ("LicenseAssignment.Read.All", "User.Read.All", "Directory.Read.All")
READ_USERS = ("User.Read.All", "User.ReadWrite.All", "Directory.Read.All")
READ_MEMBER_OF = ("Directory.Read.All", "GroupMember.ReadBasic.All", "GroupMember.Read.All")
READ_TRANSITIVE_MEMBER_OF = ("User.Read.All", "GroupMember.Read.All", "Directory.Read.All")
WRITE_USERS = ("User.ReadWrite.All", "Directory.ReadWrite.All")
DELETE_USERS = ("User.DeleteRestore.All", *WRITE_USERS)
READ_GROUPS = (
    "Group.ReadBasic.All",
    "GroupMember.Read.All",
    "Group.Read.All",
    "GroupMember.ReadWrite.All",
    "Group.ReadWrite.All",
    "Directory.Read.All",
)
READ_MEMBERS = ("GroupMember.ReadBasic.All", *READ_GROUPS[1:])
WRITE_MEMBERS = ("GroupMember.ReadWrite.All", "Group.ReadWrite.All", "Directory.ReadWrite.All")
CREATE_GROUPS = ("Group.Create", "Group.ReadWrite.All", "Directory.ReadWrite.All")
WRITE_GROUPS = ("Group.ReadWrite.All", "Directory.ReadWrite.All")
LICENSE_GROUPS = ("LicenseAssignment.ReadWrite.All", *WRITE_GROUPS)
LICENSE_USERS = ("LicenseAssignment.ReadWrite.All", *WRITE_USERS)
READ_ORGANIZATION = ("Organization.Read.All", "User.Read.All", "Directory.Read.All")
READ_OBJECTS = (
    "Directory.Read.All",
    "User.Read.All",
    "Group.Read.All",
    "GroupMember.Read.All",
    "GroupMember.ReadWrite.All",
)
WATCH_USERS = ("User.Read.All", "Directory.Read.All")
WATCH_GROUPS = ("Group.Read.All", "GroupMember.Read.All", "Directory.Read.All")
READ_SIGN_INS = ("AuditLog.Read.All",)
READ_DELETED = {
    "users": READ_USERS,
    "groups": ("Group.Read.All", "Group.ReadWrite.All", "Directory.Read.All"),
}
READ_MAILBOXES = ("MailboxSettings.Read", "MailboxSettings.ReadWrite")
READ_PURCHASES = ("Organization.Read.All", "Directory.Read.All")
READ_REPORTS = ("Reports.Read.All",)
READ_OWNERS = READ_GROUPS[1:]
READ_AUDITS = ("AuditLog.Read.All", "Directory.Read.All")
READ_APPLICATIONS = ("Application.Read.All", "Directory.Read.All")
ASSIGN_ROLES = ("AppRoleAssignment.ReadWrite.All",)
WRITE_ROLE_ASSIGNABLE = ("RoleManagement.ReadWrite.Directory",)
ANY: tuple[str, ...] = ()

GRANTED_AT_START = (
    "AuditLog.Read.All",
    "Directory.Read.All",
    "Group.Create",
    "Group.Read.All",
    "Group.ReadWrite.All",
    "GroupMember.Read.All",
    "GroupMember.ReadWrite.All",
    "LicenseAssignment.Read.All",
    "LicenseAssignment.ReadWrite.All",
    "MailboxSettings.Read",
    "Organization.Read.All",
    "Reports.Read.All",
    "User.DeleteRestore.All",
    "User.Read.All",
    "User.ReadWrite.All",
)


def may(granted: Collection[str], allowed_by: Collection[str]) -> bool:
    """Tell whether one of the permissions that allow this is granted."""
    return any(permission in granted for permission in allowed_by)


def require(granted: Collection[str], allowed_by: Collection[str]) -> None:
    """Raise the 403 unless one of the permissions that allow this is granted."""
    if allowed_by and not any(permission in granted for permission in allowed_by):
        raise errors.denied()


def require_for_usage(granted: Collection[str], allowed_by: Collection[str]) -> None:
    """Raise the 403 of Microsoft 365 reports, which says less, likewise."""
    if not any(permission in granted for permission in allowed_by):
        raise errors.usage_denied()


def require_for_report(granted: Collection[str], allowed_by: Collection[str]) -> None:
    """Raise the 403 of reports and audit logs, which names the permission, likewise."""
    if not any(permission in granted for permission in allowed_by):
        raise errors.report_denied(next(iter(allowed_by)))

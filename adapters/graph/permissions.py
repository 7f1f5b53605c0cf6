"""The application permission each operation needs at least, named when Graph denies it.

Source: Microsoft Graph docs, the Permissions table of each operation.
"""

READ_PEOPLE = "User.Read.All"
READ_GROUPS = "GroupMember.Read.All"
READ_PRODUCTS = "LicenseAssignment.Read.All"
READ_AUDITS = "AuditLog.Read.All"
WRITE_MEMBERS = "GroupMember.ReadWrite.All"
WRITE_LICENSES = "LicenseAssignment.ReadWrite.All"
REPROCESS = "User.ReadWrite.All"
WATCH = {"users": "User.Read.All", "groups": "Group.Read.All"}

"""Which properties users and groups have, and which of them come without `$select`.

From Graph's published metadata, without the navigation properties this simulator does not have.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from simulators.graph import errors
from simulators.graph.changes import Kind
from simulators.graph.wire import JsonObject


@dataclass(frozen=True)
class Schema:
    """Property names of one kind of object."""

    resource: str
    returned: tuple[str, ...]
    selectable: frozenset[str]
    collections: frozenset[str]
    read_only: frozenset[str]
    required: tuple[str, ...]

    @property
    def odata_type(self) -> str:
        """The name an object of this kind carries in mixed collections."""
        return f"#microsoft.graph.{self.resource}"

    def knows(self, name: str) -> bool:
        """Whether there is such a property; directory extensions count."""
        return name in self.selectable or name.startswith("extension_")

    def check(self, names: Iterable[str]) -> None:
        """Raise the 400 for a property that does not exist."""
        for name in names:
            if not self.knows(name):
                raise errors.unknown_property(name, self.resource)

    def show(self, item: JsonObject, names: Iterable[str]) -> JsonObject:
        """Return these properties of an object, with null or [] for what was never set."""
        return {name: item.get(name, [] if name in self.collections else None) for name in names}


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split())


USER = Schema(
    resource="user",
    returned=_names(
        "businessPhones displayName givenName jobTitle mail mobilePhone officeLocation "
        "preferredLanguage surname userPrincipalName id"
    ),
    selectable=frozenset(
        _names("""
        aboutMe accountEnabled ageGroup assignedLicenses assignedPlans authorizationInfo birthday
        businessPhones city companyName consentProvidedForMinor country createdDateTime
        creationType customSecurityAttributes deletedDateTime department displayName
        employeeHireDate employeeId employeeLeaveDateTime employeeOrgData employeeType
        externalUserState externalUserStateChangeDateTime faxNumber givenName hireDate id
        identities imAddresses interests isManagementRestricted isResourceAccount jobTitle
        lastPasswordChangeDateTime legalAgeGroupClassification licenseAssignmentStates mail
        mailNickname mobilePhone mySite officeLocation onPremisesDistinguishedName
        onPremisesDomainName onPremisesExtensionAttributes onPremisesImmutableId
        onPremisesLastSyncDateTime onPremisesProvisioningErrors onPremisesSamAccountName
        onPremisesSecurityIdentifier onPremisesSyncEnabled onPremisesUserPrincipalName otherMails
        passwordPolicies passwordProfile pastProjects postalCode preferredDataLocation
        preferredLanguage preferredName provisionedPlans proxyAddresses responsibilities schools
        securityIdentifier serviceProvisioningErrors showInAddressList signInActivity
        signInSessionsValidFromDateTime skills state streetAddress surname usageLocation
        userPrincipalName userType
        """)
    ),
    collections=frozenset(
        _names("""
        assignedLicenses assignedPlans businessPhones identities imAddresses interests
        licenseAssignmentStates onPremisesProvisioningErrors otherMails pastProjects
        provisionedPlans proxyAddresses responsibilities schools serviceProvisioningErrors skills
        """)
    ),
    read_only=frozenset(
        _names("""
        id assignedLicenses assignedPlans createdDateTime creationType deletedDateTime imAddresses
        licenseAssignmentStates onPremisesLastSyncDateTime onPremisesSyncEnabled proxyAddresses
        provisionedPlans securityIdentifier signInActivity
        """)
    ),
    required=_names("accountEnabled displayName mailNickname passwordProfile userPrincipalName"),
)

GROUP = Schema(
    resource="group",
    returned=_names("""
        id deletedDateTime classification createdDateTime description displayName
        expirationDateTime groupTypes isAssignableToRole mail mailEnabled mailNickname
        membershipRule membershipRuleProcessingState onPremisesDomainName
        onPremisesLastSyncDateTime onPremisesNetBiosName onPremisesSamAccountName
        onPremisesSecurityIdentifier onPremisesSyncEnabled preferredDataLocation
        preferredLanguage proxyAddresses renewedDateTime resourceBehaviorOptions
        resourceProvisioningOptions securityEnabled securityIdentifier theme uniqueName
        visibility onPremisesProvisioningErrors serviceProvisioningErrors
    """),
    selectable=frozenset(
        _names("""
        assignedLabels assignedLicenses classification createdDateTime deletedDateTime description
        displayName expirationDateTime groupTypes id isAssignableToRole isManagementRestricted
        licenseProcessingState mail mailEnabled mailNickname membershipRule
        membershipRuleProcessingState onPremisesDomainName onPremisesLastSyncDateTime
        onPremisesNetBiosName onPremisesProvisioningErrors onPremisesSamAccountName
        onPremisesSecurityIdentifier onPremisesSyncEnabled organizationId preferredDataLocation
        preferredLanguage proxyAddresses renewedDateTime resourceBehaviorOptions
        resourceProvisioningOptions securityEnabled securityIdentifier serviceProvisioningErrors
        theme uniqueName visibility
        """)
    ),
    collections=frozenset(
        _names("""
        assignedLabels assignedLicenses groupTypes onPremisesProvisioningErrors proxyAddresses
        resourceBehaviorOptions resourceProvisioningOptions serviceProvisioningErrors
        """)
    ),
    read_only=frozenset(
        _names("""
        id assignedLicenses createdDateTime deletedDateTime licenseProcessingState mail
        onPremisesLastSyncDateTime onPremisesSyncEnabled organizationId proxyAddresses
        renewedDateTime securityIdentifier
        """)
    ),
    required=_names("displayName mailEnabled mailNickname securityEnabled"),
)

AUDIT = Schema(
    resource="directoryAudit",
    returned=(),
    selectable=frozenset(
        _names("""
        activityDateTime activityDisplayName category correlationId id initiatedBy loggedByService
        operationType result resultReason targetResources
        """)
    ),
    collections=frozenset({"targetResources"}),
    read_only=frozenset(),
    required=(),
)

DERIVED = {"assignedPlans": "assignedLicenses"}
"""Property -> the one it follows from, unless the tenant document sets it."""

SCHEMAS: dict[Kind, Schema] = {"users": USER, "groups": GROUP}

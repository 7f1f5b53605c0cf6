"""The mapping there is before anyone writes one: what connectors to Entra usually bring.

Rows of (source path, attribute); one attribute may have several rows, which then mean the same.
The address without a name of its own in such tables is `Email` here.
"""

_USER = "['urn:ietf:params:scim:schemas:extension:enterprise:2.0:User']"
_ON_PREMISES = (
    "['urn:ietf:params:scim:schemas:extension:azureOnPremData:2.0:User']"
    ".['onPremisesExtensionAttributes']"
)

_SCIM_ROWS = (
    ("Name", "Name"),
    ("name.familyName", "LastName"),
    ("name.givenName", "FirstName"),
    ("name.middleName", "MiddleName"),
    ("displayName", "FriendlyName"),
    ("name.honorificSuffix", "GenerationalSuffix"),
    ("title", "Title"),
    ("email[?(@type=='work')].value", "Email"),
    (f"{_USER}.['department']", "Department"),
    (f"{_USER}.['EmployeeNumber']", "EmployeeID"),
    ("addresses[?(@.type=='work')].streetAddress", "StreetAddress"),
    ("addresses[?(@.type=='work')].locality", "City"),
    ("addresses[?(@.type=='work')].region", "State"),
    ("addresses[?(@.type=='work')].country", "Country"),
    ("addresses[?(@.type=='work')].postalCode", "PostalCode"),
    ("phoneNumbers[?(@.type=='home')].value", "HomeTelephone"),
    ("preferredLanguage", "PreferredLanguage"),
    ("phoneNumbers[?(@.type=='other')].value", "Telephone"),
    ("phoneNumbers[?(@.type=='fax')].value", "Fax"),
)

_GRAPH_ROWS = (
    ("profileUrl", "AboutMe"),
    ("active", "Active"),
    ("phoneNumbers[?@.type=='work'].value", "BusinessPhone"),
    ("city", "City"),
    ("companyName", "Company"),
    ("employeeOrgData.costCenter", "CostCenter"),
    ("country", "Country"),
    ("usageLocation", "CustomAttribute10"),
    (f"{_USER}.['department']", "Department"),
    ("description", "Description"),
    ("employeeOrgData.division", "Division"),
    ("endDateTime", "effectiveEndDate"),
    ("startDateTime", "EffectiveStartDate"),
    ("emails[?@.type=='work'].value", "Email"),
    ("externalId", "EmailAlias"),
    (f"{_USER}.['employeeNumber']", "EmployeeID"),
    ("employeeType", "EmployeeType"),
    *(
        (f"{_ON_PREMISES}.['extensionAttribute{number}']", f"ExtensionAttribute{number}")
        for number in range(1, 16)
    ),
    ("phoneNumbers[?@.type=='fax'].value", "Fax"),
    ("name.givenName", "FirstName"),
    ("displayName", "FriendlyName"),
    ("name.honorificSuffix", "GenerationalSuffix"),
    ("phoneNumbers[?@.type=='home'].value", "HomeTelephone"),
    ("name.familyName", "LastName"),
    ("userName", "Login"),
    ("manager", "ManagerPersonID"),
    ("name.middleName", "MiddleName"),
    ("phoneNumbers[?@.type=='mobile'].value", "MobilePhone"),
    ("addresses[?@.type=='other'].formatted", "Office"),
    ("photos[?@.type=='work'].value", "PhotoURL"),
    ("addresses[?@.type=='work'].postalCode", "PostalCode"),
    ("preferredLanguage", "PreferredLanguage"),
    ("state", "State"),
    ("addresses[?@.type=='work'].streetAddress", "StreetAddress"),
    ("phoneNumbers[?@.type=='other'].value", "Telephone"),
    ("title", "Title"),
)

OUT_OF_OFFICE = (
    ("externalAudience", "OofAudience"),
    ("scheduledEndDateTime", "OofEndDate"),
    ("externalReplyMessage", "OofExternalMsg"),
    ("internalReplyMessage", "OofInternalMsg"),
    ("scheduledStartDateTime", "OofStartDate"),
    ("status", "OofStatus"),
)
"""Parts of `mailboxSettings.automaticRepliesSetting`, which is read on its own and where wanted."""

ROWS = (*_SCIM_ROWS, *_GRAPH_ROWS, *OUT_OF_OFFICE)

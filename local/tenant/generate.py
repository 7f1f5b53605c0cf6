"""Put the generated tenant together."""

from random import Random

from local.tenant.groups import Resource
from local.tenant.identifiers import DOMAIN, INITIAL_DOMAIN, TENANT_ID
from local.tenant.license_groups import fill
from local.tenant.licenses import assign_directly, subscriptions
from local.tenant.owners import own
from local.tenant.population import Population
from local.tenant.purchases import purchases
from local.tenant.roster import recruit
from local.tenant.samples import SAMPLE_LICENSE_GROUPS
from local.tenant.sign_ins import sign_in
from local.tenant.source_groups import source_groups
from local.tenant.spares import SPARE_LICENSE_GROUPS


def generate(people: int, seed: int) -> Resource:
    """Return a tenant document of so many accounts; the same arguments give the same document.

    Raises:
        ValueError: fewer people than a tenant needs to be believable.
    """
    roster = recruit(people, Random(f"{seed}/people"))
    assign_directly(roster, Random(f"{seed}/licenses"))
    users = roster.users()
    sources = source_groups(roster, Random(f"{seed}/groups"))
    population = Population(users, sources)
    filled = [
        fill(definition, population, Random(f"{seed}/{definition.name}"))
        for definition in SAMPLE_LICENSE_GROUPS + SPARE_LICENSE_GROUPS
    ]
    groups = sources + [each.group for each in filled]
    own(groups, users)
    sign_in(users, Random(f"{seed}/sign-ins"))
    products = subscriptions(users, filled)
    return {
        "organization": _organization(),
        "users": users,
        "groups": groups,
        "subscribedSkus": products,
        "companySubscriptions": purchases(products),
    }


def _organization() -> Resource:
    return {
        "id": TENANT_ID,
        "displayName": "Contoso",
        "tenantType": "AAD",
        "countryLetterCode": "DE",
        "defaultUsageLocation": "DE",
        "preferredLanguage": "en",
        "onPremisesSyncEnabled": True,
        "createdDateTime": "2016-04-04T10:00:00Z",
        "technicalNotificationMails": [f"it@{DOMAIN}"],
        "verifiedDomains": [
            _domain(DOMAIN, default=True),
            _domain(INITIAL_DOMAIN, default=False),
        ],
    }


def _domain(name: str, *, default: bool) -> Resource:
    return {
        "name": name,
        "type": "Managed",
        "isDefault": default,
        "isInitial": not default,
        "capabilities": "Email, OfficeCommunicationsOnline",
    }

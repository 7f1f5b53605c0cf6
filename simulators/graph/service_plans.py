"""Service plans of a user: what `assignedPlans` says, derived from the licenses held.

Microsoft publishes the names of service plans, but not which service each belongs to; the services
named here are those that rules are commonly written for. A tenant file may name the `service` of a
plan itself, and of any other plan it is the part of the name before the first underscore.
"""

from collections.abc import Iterable

from simulators.graph.wire import JsonObject

SERVICES = {
    "AAD_PREMIUM": "AADPremiumService",
    "EXCHANGE": "exchange",
    "FLOW": "ProcessSimple",
    "FORMS": "OfficeForms",
    "INTUNE": "SCO",
    "MCO": "MicrosoftCommunicationsOnline",
    "OFFICESUBSCRIPTION": "MicrosoftOffice",
    "POWERAPPS": "PowerAppsService",
    "RMS_S": "RMSOnline",
    "SHAREPOINT": "SharePoint",
    "STREAM": "MicrosoftStream",
    "SWAY": "Sway",
    "TEAMS": "TeamspaceAPI",
    "YAMMER": "YammerEnterprise",
}
"""Beginning of a plan's name -> service (values as in Graph docs and recorded answers)."""


def assigned_plans(
    licenses: Iterable[tuple[JsonObject, JsonObject, str | None]],
) -> list[JsonObject]:
    """Return the plans of licenses: each a license detail, its product, and since when.

    Each plan comes once, enabled if any license enables it. A plan that is switched off is
    `Deleted`, one of a product in grace or suspended is `Warning` or `Suspended` (Graph docs:
    assignedPlan).
    """
    plans: dict[str, JsonObject] = {}
    for details, product, since in licenses:
        for plan in details["servicePlans"]:
            on = plan["provisioningStatus"] == "Success"
            known = plans.get(plan["servicePlanId"])
            if known is None or (on and known["capabilityStatus"] != "Enabled"):
                plans[plan["servicePlanId"]] = {
                    "assignedDateTime": since,
                    "capabilityStatus": product["capabilityStatus"] if on else "Deleted",
                    "service": service_of(plan),
                    "servicePlanId": plan["servicePlanId"],
                }
    return list(plans.values())


def service_of(plan: JsonObject) -> str:
    """Return the service a plan belongs to."""
    name = str(plan["servicePlanName"])
    known = (service for prefix, service in SERVICES.items() if name.startswith(prefix))
    return str(plan.get("service") or next(known, name.split("_")[0]))

"""The report of active users: one line of CSV for everyone who has a license.

Columns and their order: Graph docs, reportroot-getoffice365activeuserdetail. Who used what follows
from the sign-ins: whoever signed in used each service she has a license for, on that day.
"""

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from hashlib import md5

from simulators.graph.directory import Directory
from simulators.graph.settings import Settings
from simulators.graph.wire import JsonObject

NAME = "getOffice365ActiveUserDetail"
PERIODS = ("D7", "D30", "D90", "D180")
SERVICES = {
    "Exchange": ("EXCHANGE_S_STANDARD", "EXCHANGE_S_ENTERPRISE", "EXCHANGE_S_DESKLESS"),
    "OneDrive": ("SHAREPOINTSTANDARD", "SHAREPOINTENTERPRISE", "SHAREPOINTDESKLESS"),
    "SharePoint": ("SHAREPOINTSTANDARD", "SHAREPOINTENTERPRISE", "SHAREPOINTDESKLESS"),
    "Skype For Business": ("MCOSTANDARD", "MCOIMP"),
    "Yammer": ("YAMMER_ENTERPRISE",),
    "Teams": ("TEAMS1",),
}
"""Service -> the service plans that give it."""
LAG = timedelta(days=2)
BOM = "\ufeff"
_COLUMNS = (
    "Report Refresh Date",
    "User Principal Name",
    "Display Name",
    "Is Deleted",
    "Deleted Date",
    *(f"Has {service} License" for service in SERVICES),
    *(f"{service} Last Activity Date" for service in SERVICES),
    *(f"{service} License Assign Date" for service in SERVICES),
    "Assigned Products",
)


def active_users(directory: Directory, settings: Settings, now: float) -> Iterator[str]:
    """Yield the text of the report, line by line."""
    yield BOM + _line(_COLUMNS)
    refreshed = (datetime.fromtimestamp(now, UTC) - LAG).date().isoformat()
    live = (directory.users[user_id] for user_id in directory.shelves["users"].order)
    gone = (each.item for each in directory.deleted.values() if each.kind == "users")
    for users, deleted in ((live, False), (gone, True)):
        for user in users:
            if user.get("assignedLicenses"):
                yield _line(_cells(directory, settings, user, refreshed, deleted=deleted))


def _cells(
    directory: Directory, settings: Settings, user: JsonObject, refreshed: str, *, deleted: bool
) -> Iterable[str]:
    plans = _plans(directory, user)
    has = [not plans.isdisjoint(names) for names in SERVICES.values()]
    last = _day((user.get("signInActivity") or {}).get("lastSuccessfulSignInDateTime"))
    since = min(map(_day, _assigned(user)), default="")
    shown = conceal if settings.conceal_report_names else str
    return (
        refreshed,
        shown(user["userPrincipalName"]),
        shown(user.get("displayName") or ""),
        str(deleted),
        _day(user.get("deletedDateTime")) if deleted else "",
        *map(str, has),
        *(last if here and last <= refreshed else "" for here in has),
        *(since if here else "" for here in has),
        "+".join(_products(directory, user)),
    )


def conceal(name: str) -> str:
    """Return what stands for a name in a report of a tenant that conceals names."""
    return md5(name.encode(), usedforsecurity=False).hexdigest().upper()


def _plans(directory: Directory, user: JsonObject) -> set[str]:
    """Return the names of the service plans that are on."""
    on = set()
    for held in user["assignedLicenses"]:
        for plan in directory.skus.get(held["skuId"], {}).get("servicePlans", ()):
            if plan["servicePlanId"] not in (held.get("disabledPlans") or ()):
                on.add(plan["servicePlanName"])
    return on


def _assigned(user: JsonObject) -> Iterator[str]:
    for state in user.get("licenseAssignmentStates") or ():
        if state.get("lastUpdatedDateTime"):
            yield state["lastUpdatedDateTime"]


def _products(directory: Directory, user: JsonObject) -> Iterator[str]:
    for held in user["assignedLicenses"]:
        yield directory.skus.get(held["skuId"], {}).get("skuPartNumber", "")


def _day(moment: str | None) -> str:
    return (moment or "")[:10]


def _line(cells: Iterable[str]) -> str:
    text = io.StringIO()
    csv.writer(text).writerow(cells)
    return text.getvalue()

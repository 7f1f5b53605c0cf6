"""How objects look in answers: chosen properties, derived ones, types in mixed collections."""

from collections.abc import Iterable
from typing import Any

from simulators.graph.changes import Kind
from simulators.graph.directory import Directory
from simulators.graph.schema import SCHEMAS
from simulators.graph.service_plans import assigned_plans
from simulators.graph.wire import JsonObject

FILTER_ONLY = "hasMembersWithLicenseErrors"  # never returned, says the docs
LEFT_OUT_WHEN_UNSET = "signInActivity"


class Shapes:
    """Presents objects of one directory."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory

    def one(self, kind: Kind, item: JsonObject, select: Iterable[str] = ()) -> JsonObject:
        """Return the selected properties, or those that come by default, of an object."""
        names = tuple(select)
        if not names:
            return SCHEMAS[kind].show(item, SCHEMAS[kind].returned)
        return self.selected(kind, item, names)

    def selected(self, kind: Kind, item: JsonObject, names: Iterable[str]) -> JsonObject:
        """Return exactly these properties."""
        shown = SCHEMAS[kind].show(item, names)
        shown.pop(FILTER_ONLY, None)
        if LEFT_OUT_WHEN_UNSET in shown and shown[LEFT_OUT_WHEN_UNSET] is None:
            del shown[LEFT_OUT_WHEN_UNSET]
        if "assignedPlans" in shown and "assignedPlans" not in item:
            shown["assignedPlans"] = self._assigned_plans(item)
        return shown

    def typed(self, kind: Kind, item: JsonObject, select: tuple[str, ...] = ()) -> JsonObject:
        """Return an object as it stands in a mixed collection: with its type, and its id."""
        known = [name for name in select if SCHEMAS[kind].knows(name)]
        shown = self.one(kind, item, dict.fromkeys([*known, "id"]) if select else ())
        return {"@odata.type": SCHEMAS[kind].odata_type, **shown}

    def everything(self, kind: Kind, item: JsonObject) -> JsonObject:
        """Return all that is known of an object, over its default properties."""
        return self.one(kind, item) | item

    def license_details(self, user: JsonObject) -> list[JsonObject]:
        """Return the products a user holds with their service plans."""
        details = []
        for held in user.get("assignedLicenses", ()):
            sku = self._directory.skus.get(held["skuId"])
            if sku is None:
                continue
            details.append(
                {
                    "id": f"{user['id']}_{held['skuId']}",
                    "skuId": held["skuId"],
                    "skuPartNumber": sku["skuPartNumber"],
                    "servicePlans": [
                        _provisioned(plan, held["disabledPlans"])
                        for plan in sku.get("servicePlans", ())
                    ],
                }
            )
        return details

    def _assigned_plans(self, user: JsonObject) -> list[JsonObject]:
        since = {
            state["skuId"]: state.get("lastUpdatedDateTime")
            for state in user.get("licenseAssignmentStates", ())
        }
        return assigned_plans(
            (details, self._directory.skus[details["skuId"]], since.get(details["skuId"]))
            for details in self.license_details(user)
        )


def _provisioned(plan: JsonObject, disabled: list[str]) -> JsonObject:
    off = plan["servicePlanId"] in disabled
    return {**plan, "provisioningStatus": "Disabled" if off else "Success"}


def reference(directory: Directory, object_id: str) -> dict[str, Any]:
    """Return a member as it stands in a delta: its type and its id."""
    kind = directory.kind_of(object_id) or "users"
    return {"@odata.type": SCHEMAS[kind].odata_type, "id": object_id}

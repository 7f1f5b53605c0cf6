"""Errors of direct and group licenses."""

from simulators.graph.errors.envelope import GraphError, bad_request


def usage_location_invalid() -> GraphError:
    """Direct assignment needs a usage location."""
    return bad_request("License assignment cannot be done for user with invalid usage location.")


def no_seats(sku_id: str) -> GraphError:
    """All seats are taken."""
    return bad_request(f"Subscription with SKU {sku_id} does not have any available licenses.")


def not_owned(sku_id: str) -> GraphError:
    """The tenant has not bought this."""
    return bad_request(f"License {sku_id} does not correspond to a valid company License.")


def license_inherited() -> GraphError:
    """The license comes from a group."""
    return bad_request(
        "User license is inherited from a group membership and it cannot be removed directly from "
        "the user."
    )


def mutually_exclusive(one: str, other: str) -> GraphError:
    """Two service plans exclude each other."""
    return bad_request(
        f"License assignment failed because service plans {one}, {other} are mutually exclusive."
    )


def depends_on(plan: str, needed: list[str]) -> GraphError:
    """A service plan lacks what it builds on."""
    return bad_request(
        f"License assignment failed because service plan {plan} depends on the service plan(s) "
        f"{', '.join(needed)}."
    )


def license_missing() -> GraphError:
    """The license to remove is not there."""
    return bad_request("User does not have a corresponding license.")

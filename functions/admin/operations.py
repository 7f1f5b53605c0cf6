"""The admin HTTP surface, version 1, as one table: each row is a call and the job it is handed to.

The triggers are registered from this table and `openapi.json` is written from it. A job's arguments
come by name from the route, the query, the body and the caller, and its return type is the answer.
"""

from functions.admin.calls import controls, inventory, ledger, mending, policy
from functions.admin.operation import Operation

__all__ = ["DOCUMENT", "OPERATIONS", "Operation"]

DOCUMENT = Operation(
    "GET",
    "openapi.json",
    "get_openapi",
    "This surface as an OpenAPI document: what you are reading.",
)


OPERATIONS = (
    *policy.OPERATIONS,
    *controls.OPERATIONS,
    *mending.OPERATIONS,
    *ledger.OPERATIONS,
    *inventory.OPERATIONS,
    DOCUMENT,
)

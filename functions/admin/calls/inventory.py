"""What was inventoried: the snapshots that are kept, as files, and what changed between two."""

from domain.inventory.exported import MEDIA_TYPES
from functions.admin.operation import Operation

OPERATIONS = (
    Operation(
        "GET",
        "inventory/snapshots",
        "list_snapshots",
        "The snapshots that are kept, newest first.",
        "snapshots",
    ),
    Operation(
        "GET",
        "inventory/export/{kind}",
        "export_inventory",
        "One kind of facts of a snapshot as a file, fifty thousand rows a part.",
        "export",
        query=("snapshot", "format", "part"),
        files=tuple(MEDIA_TYPES.values()),
        missing="There is no such part.",
    ),
    Operation(
        "GET",
        "inventory/diff/{before}",
        "diff_inventory",
        "Who came, left and changed from one snapshot to another.",
        "diff",
        query=("after", "attributes", "group"),
    ),
)

"""What went wrong or was changed by hand: undo, replay, licenses of targets, drift."""

from domain.caller import Role
from functions.admin.operation import Operation

_CHANGED_NOTHING = (
    "The history tells of no change that this run made. `seatflow ledger show` names runs that did."
)

OPERATIONS = (
    Operation(
        "GET",
        "runs/{run}/undo",
        "preview_undo",
        "What undoing a run would turn round, and whom it would leave alone; nothing is stored.",
        "preview_undo",
        missing=_CHANGED_NOTHING,
    ),
    Operation(
        "POST",
        "runs/{run}/undo",
        "undo_run",
        "Turn round what a run did, and queue the compile that sends it, through every guard.",
        "undo",
        body="Because",
        by="named",
        starts_run=True,
        run_as="new_run",
        code=202,
        missing=_CHANGED_NOTHING,
        role=Role.APPROVER,
    ),
    Operation(
        "DELETE",
        "runs/{run}/undo",
        "end_undoing",
        "Leave those for whom a run was undone to policy again, with an inventory and a compile.",
        "end_undoing",
        body="Remark",
        by="named",
        starts_run=True,
        run_as="new_run",
        code=202,
        role=Role.APPROVER,
    ),
    Operation(
        "GET",
        "failures",
        "list_failures",
        "Every change that came to nothing, why, and when it is tried again by itself;"
        " and messages that nobody could read.",
        "failures",
        query=("bundle",),
    ),
    Operation(
        "POST",
        "replay",
        "replay",
        "Queue an inventory and a compile that tries chosen changes again which came to nothing.",
        "replay",
        body="Replay",
        by="named",
        starts_run=True,
        code=202,
        role=Role.OPERATOR,
    ),
    Operation(
        "POST",
        "messages/{message}/replay",
        "replay_message",
        "Put back a message that nobody could read.",
        "replay_message",
        body="Because",
        by="named",
        missing="There is no such message among those that nobody could read.",
        role=Role.OPERATOR,
    ),
    Operation(
        "GET",
        "licenses",
        "list_licenses",
        "What is to be set on targets so that they hand out what their bundles say, read afresh.",
        "licenses",
        query=("bundle",),
    ),
    Operation(
        "POST",
        "bundles/{bundle}/licenses",
        "set_licenses",
        "Set on a target what its bundle says, exactly as it was shown, and queue a compile.",
        "set_licenses",
        body="Fingerprint",
        by="named",
        starts_run=True,
        missing="There is no such bundle.",
        role=Role.APPROVER,
    ),
    Operation(
        "GET",
        "drift",
        "get_drift",
        "Who came into a target, or left it, by someone else's hand: the newest thousand.",
        "drift",
        query=("bundle", "since", "found"),
    ),
)

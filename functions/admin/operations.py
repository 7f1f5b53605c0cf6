"""The admin HTTP surface, version 1, as one table: each row is a call and the job it is handed to.

The triggers are registered from this table and `openapi.json` is written from it. A job's arguments
come by name from the route, the query, the body and the caller, and its return type is the answer.
"""

import re
from dataclasses import dataclass
from typing import Literal

ROOT = "v1/"

type Body = Literal[
    "", "text", "Files", "Release", "Refusal", "Because", "Remark", "Replay", "Fingerprint"
]
"""Nothing, a bundle's own text, or a model in `functions.admin.shapes`."""

type Caller = Literal["", "anyone", "named"]
"""What the job learns of the caller: nothing, the name if there is one, or always a name."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One call of the surface."""

    method: Literal["GET", "PUT", "POST", "DELETE"]
    route: str
    """Below /api/v1; a parameter is named like the job's argument."""
    name: str
    """Of the function, and the operationId."""
    summary: str
    job: str = ""
    """A method of `Jobs`; empty for the one call that needs none."""
    query: tuple[str, ...] = ()
    body: Body = ""
    by: Caller = ""
    starts_run: bool = False
    """The job queues work, under the id of this invocation."""
    run_as: str = "run"
    """The job's argument that takes this id."""
    code: int = 200
    missing: str = "There is nothing under this id."
    """The sentence of a 404."""
    shown_as: str = ""
    """A model in `functions.admin.shapes` that answers in place of what the job returns."""

    @property
    def path(self) -> str:
        """The route below the app's prefix."""
        return ROOT + self.route

    @property
    def parameters(self) -> list[str]:
        """The names of the route's parameters."""
        return re.findall(r"{(\w+)}", self.route)


DOCUMENT = Operation(
    "GET",
    "openapi.json",
    "get_openapi",
    "This surface as an OpenAPI document: what you are reading.",
)

_CHANGED_NOTHING = (
    "The history tells of no change that this run made. `seatflow ledger show` names runs that did."
)

OPERATIONS = (
    Operation(
        "GET",
        "bundles",
        "list_bundles",
        "The stored bundles, each in its newest version.",
        "bundles",
    ),
    Operation(
        "PUT",
        "bundles",
        "push_policy",
        "Store the bundles, and the tenant's policy, of some files: all of them, or none.",
        "push",
        body="Files",
        by="named",
        starts_run=True,
    ),
    Operation(
        "GET",
        "bundles/{bundle}",
        "get_bundle",
        "One bundle in its newest version.",
        "bundle",
        missing="There is no such bundle.",
    ),
    Operation(
        "GET",
        "bundles/{bundle}/history",
        "get_bundle_history",
        "Every version of a bundle, newest first: who, when, what.",
        "bundle_history",
        missing="There is no such bundle.",
    ),
    Operation(
        "PUT",
        "bundles/{bundle}",
        "put_bundle",
        "Validate and store one bundle, given as YAML or JSON.",
        "store_bundle",
        body="text",
        by="anyone",
        starts_run=True,
    ),
    Operation(
        "POST",
        "lint",
        "lint",
        "Say what is wrong or doubtful in some policy files; nothing is stored.",
        "lint",
        body="Files",
    ),
    Operation(
        "POST",
        "whatif",
        "whatif",
        "Say what some policy files would change against the latest snapshot; nothing is stored.",
        "whatif",
        body="Files",
    ),
    Operation(
        "GET",
        "tenant",
        "get_tenant",
        "The tenant's own policy in its newest version.",
        "tenant",
        missing="No policy of the tenant is stored yet.",
    ),
    Operation(
        "GET",
        "tenant/history",
        "get_tenant_history",
        "Every version of the tenant's policy, newest first.",
        "tenant_history",
    ),
    Operation(
        "GET",
        "plans",
        "list_plans",
        "The newest hundred plans, newest first, without who is concerned.",
        "plans",
        query=("bundle", "state"),
    ),
    Operation(
        "GET",
        "plans/{plan}",
        "get_plan",
        "One plan with its changes, who waits, and why.",
        "plan",
        missing="There is no such plan.",
    ),
    Operation(
        "POST",
        "plans/{plan}/release",
        "release_plan",
        "Approve exactly what a held plan would do, and queue the compile that sends it.",
        "release",
        body="Release",
        by="named",
        starts_run=True,
        code=202,
        missing="There is no such plan.",
    ),
    Operation(
        "POST",
        "plans/{plan}/refuse",
        "refuse_plan",
        "Refuse what a held plan would do, with a reason.",
        "refuse",
        body="Refusal",
        by="named",
        missing="There is no such plan.",
    ),
    Operation(
        "GET",
        "controls",
        "get_controls",
        "Whether all is paused, and who is protected.",
        "controls",
    ),
    Operation(
        "GET",
        "controls/history",
        "get_control_history",
        "Who paused, resumed, protected and unprotected, newest first.",
        "control_history",
    ),
    Operation(
        "PUT",
        "pause",
        "pause",
        "Send and carry out nothing until someone resumes.",
        "pause",
        body="Because",
        by="named",
    ),
    Operation(
        "DELETE",
        "pause",
        "resume",
        "Go on again, with an inventory and a compile.",
        "resume",
        body="Remark",
        by="named",
        starts_run=True,
    ),
    Operation(
        "GET",
        "people/{person}",
        "get_person",
        "What a person holds, waits for and is entitled to, read afresh, and why.",
        "explain",
        query=("bundle",),
        missing="There is no such person in the tenant.",
    ),
    Operation(
        "PUT",
        "people/{person}/protection",
        "protect_person",
        "Revoke nothing from a person, whatever policy says.",
        "protect",
        body="Because",
        by="named",
        missing="There is no such person in the tenant.",
    ),
    Operation(
        "DELETE",
        "people/{person}/protection",
        "unprotect_person",
        "Let policy decide about a person again.",
        "unprotect",
        body="Remark",
        by="named",
        missing="There is no such person in the tenant.",
        starts_run=True,
    ),
    Operation(
        "GET",
        "status",
        "get_status",
        "The inventory, what is switched, and how every bundle stands.",
        "status",
    ),
    Operation(
        "POST",
        "runs",
        "start_run",
        "Queue an inventory and a compile of everything.",
        "start_run",
        starts_run=True,
        code=202,
        shown_as="Started",
    ),
    Operation(
        "GET",
        "runs/{run}",
        "get_run",
        "How far a run has come.",
        "run",
        missing="There is no such run.",
    ),
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
    ),
    Operation(
        "GET",
        "drift",
        "get_drift",
        "Who came into a target, or left it, by someone else's hand: the newest thousand.",
        "drift",
        query=("bundle", "since", "found"),
    ),
    Operation(
        "GET",
        "ledger/verification",
        "verify_ledger",
        "Whether the history of one bundle, or of all, is whole: nothing changed, gone or moved.",
        "verify_ledger",
        query=("bundle", "expect"),
    ),
    Operation(
        "GET",
        "ledger/history",
        "get_ledger_history",
        "What was decided and what became of it, a line a person: the newest thousand, in order.",
        "history",
        query=("bundle", "person", "run", "since"),
    ),
    Operation(
        "GET",
        "ledger/holders",
        "get_ledger_holders",
        "Who held what on a past date, and why.",
        "held",
        query=("on", "bundle", "person"),
    ),
    DOCUMENT,
)

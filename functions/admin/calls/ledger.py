"""The history of the ledger."""

from functions.admin.operation import Operation

OPERATIONS = (
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
)

"""Every metric there is: this table is what the app tells, what docs/telemetry.md lists, and what
alerts and panels may name."""

from domain.telemetry.metric import Metric, Sort

COUNT, LEVEL, SPREAD = Sort

# What is known of the tenant.

INVENTORY_AGE = Metric(
    "seatflow.inventory.age",
    LEVEL,
    "s",
    "How long ago the last complete read of a kind of facts began. `core` is the snapshot: people,"
    " groups, memberships and products.",
    ("kind",),
)
INVENTORY_COMPLETE = Metric(
    "seatflow.inventory.complete",
    LEVEL,
    "1",
    "1: the last read of a kind of facts ended complete. 0: it failed, or there was none.",
    ("kind",),
)
PEOPLE = Metric("seatflow.people", LEVEL, "{people}", "People in the latest snapshot.")

# What policy makes of it.

BUNDLE_PEOPLE = Metric(
    "seatflow.bundle.people",
    LEVEL,
    "{people}",
    "`entitled`, `holding` the bundle, `waiting` for a seat, `leaving` it after a grace period,"
    " as of the newest plan; `open`: with a change on its way.",
    ("bundle", "state"),
)
BUNDLE_HELD = Metric(
    "seatflow.bundle.held",
    LEVEL,
    "1",
    "1: the newest plan of a bundle is held, or the bundle cannot be compiled. 0: neither.",
    ("bundle",),
)
SEATS = Metric(
    "seatflow.product.seats",
    LEVEL,
    "{seats}",
    "`bought`, `consumed` and `free` as Entra says; `short`: entitled people who found none.",
    ("product", "state"),
)

# What is done about it.

CHANGES = Metric(
    "seatflow.changes",
    COUNT,
    "{changes}",
    "What became of changes: `applied` and `already-so` are carried out and not seen yet, `later`"
    " is tried again; `confirmed`, `refused`, `failed`, `waiting` and `withdrawn` (by a plan that"
    " is held) are how a change ends.",
    ("bundle", "action", "outcome"),
)
CONFIRM_LATENCY = Metric(
    "seatflow.change.latency",
    SPREAD,
    "s",
    "From the decision about a change until its effect was seen.",
    ("bundle", "action"),
)
QUEUE_DEPTH = Metric(
    "seatflow.queue.depth",
    LEVEL,
    "{messages}",
    "`fulfillment`: pages that are due and not carried out, as the ledger has them. `recompile`:"
    " notices that nobody has followed.",
    ("queue",),
)
QUEUE_AGE = Metric(
    "seatflow.queue.age", LEVEL, "s", "How long the oldest of these has been due.", ("queue",)
)
DEAD_LETTERS = Metric(
    "seatflow.dead_letters",
    COUNT,
    "{messages}",
    "Messages that a queue set aside, or nobody could read.",
    ("queue",),
)

# Graph.

GRAPH_REQUESTS = Metric(
    "seatflow.graph.requests",
    COUNT,
    "{requests}",
    "Answers of Graph, those inside a batch each for itself, by the class of their status: `2xx` to"
    " `5xx`.",
    ("status",),
)
GRAPH_UNITS = Metric(
    "seatflow.graph.units", COUNT, "{units}", "Resource units, as Graph's answers say."
)
GRAPH_THROTTLE = Metric(
    "seatflow.graph.throttle",
    SPREAD,
    "%",
    "How full Graph says a quota is; it says so above 80 % only, and up to 180 %.",
)
GRAPH_THROTTLED = Metric(
    "seatflow.graph.throttled", COUNT, "{requests}", "Requests that Graph refused with 429."
)

# Notifications.

WEBHOOK_LAG = Metric(
    "seatflow.webhook.lag",
    SPREAD,
    "s",
    "From a change until Graph told of it, where it is known when it happened.",
    ("resource",),
)
WEBHOOK_FOUND = Metric(
    "seatflow.webhook.found",
    COUNT,
    "{objects}",
    "Objects that inventories found changed, and that notifications should have told of.",
    ("resource",),
)
WEBHOOK_MISSED = Metric(
    "seatflow.webhook.missed", COUNT, "{objects}", "Of those, which nobody told of.", ("resource",)
)
MISS_RATE = Metric(
    "seatflow.webhook.miss_rate",
    LEVEL,
    "1",
    "The share that was missed within the last hour; 0 while too few were found to tell.",
    ("resource",),
)
WATCH_REMAINING = Metric(
    "seatflow.watch.remaining",
    LEVEL,
    "s",
    "How long the change subscription of users or groups still lasts.",
    ("resource",),
)

# What it costs.

WORK_DURATION = Metric(
    "seatflow.work.duration",
    SPREAD,
    "s",
    "How long a piece of work took; `compile` is a compile of everything, `run` one with its"
    " inventory.",
    ("work",),
)
WORK_REQUESTS = Metric(
    "seatflow.work.requests", SPREAD, "{requests}", "Requests to Graph that it took.", ("work",)
)
WORK_UNITS = Metric(
    "seatflow.work.units", SPREAD, "{units}", "Resource units that it took.", ("work",)
)

METRICS: tuple[Metric, ...] = (
    INVENTORY_AGE,
    INVENTORY_COMPLETE,
    PEOPLE,
    BUNDLE_PEOPLE,
    BUNDLE_HELD,
    SEATS,
    CHANGES,
    CONFIRM_LATENCY,
    QUEUE_DEPTH,
    QUEUE_AGE,
    DEAD_LETTERS,
    GRAPH_REQUESTS,
    GRAPH_UNITS,
    GRAPH_THROTTLE,
    GRAPH_THROTTLED,
    WEBHOOK_LAG,
    WEBHOOK_FOUND,
    WEBHOOK_MISSED,
    MISS_RATE,
    WATCH_REMAINING,
    WORK_DURATION,
    WORK_REQUESTS,
    WORK_UNITS,
)

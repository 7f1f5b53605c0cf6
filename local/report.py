"""The closing table: what became of every bundle, and what it cost."""

from rich.box import SIMPLE_HEAD
from rich.table import Table

from local.answers import Status
from local.converge import Summary
from local.graph import Spent

_KEPT = ("holders", "granted", "revoked", "waiting", "held", "failed")
_TITLES = ("entitled", "holders\nbefore", "holders\nafter", *_KEPT[1:])


def table(summary: Summary) -> Table:
    """Return one row per bundle, and a row of sums."""
    before = {bundle.id: bundle.holders for bundle in summary.before.bundles}
    rows = [
        (
            b.id,
            (b.entitled, before.get(b.id, 0), *(getattr(b, name) for name in _KEPT)),
        )
        for b in summary.after.bundles
    ]
    result = Table(box=SIMPLE_HEAD, show_footer=True, pad_edge=False)
    result.add_column("bundle", "all", no_wrap=True)
    for index, title in enumerate(_TITLES):
        result.add_column(title, f"{sum(counts[index] for _, counts in rows):,}", justify="right")
    for name, counts in rows:
        result.add_row(name, *(f"{count:,}" for count in counts))
    return result


def reasons(status: Status) -> list[str]:
    """Return one sentence for each bundle that is held or blocked."""
    return [f"{b.id}: {b.reason}" for b in status.bundles if b.reason]


def cost(summary: Summary, spent: Spent, elapsed_s: float) -> str:
    """Return what it took: runs, requests to Graph, resource units, time."""
    runs = len(summary.runs)
    return (
        f"{runs} run{'s' if runs != 1 else ''}; Graph: {spent.requests:,} requests, "
        f"{spent.resource_units:,} resource units; {elapsed_s:.1f} s"
    )

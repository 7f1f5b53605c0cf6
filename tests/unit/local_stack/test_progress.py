"""Progress is a bar on a terminal and a few plain lines anywhere else; the end is a table."""

from io import StringIO

from rich.console import Console

from local.answers import BundleStatus, Run, Status
from local.converge import Summary
from local.display import BarDisplay, LineDisplay, display_for
from local.graph import Spent
from local.progress import Phase
from local.report import cost, reasons, table
from local.witness import Watcher


def _console(terminal: bool = False) -> tuple[Console, StringIO]:
    out = StringIO()
    return Console(file=out, force_terminal=terminal, width=110, color_system=None), out


def _bundle(**counts: int) -> BundleStatus:
    named = BundleStatus(id="e3", name="Microsoft 365 E3")
    return named.model_copy(update=counts)


def test_output_that_is_no_terminal_gets_lines() -> None:
    assert isinstance(display_for(_console(terminal=False)[0]), LineDisplay)
    assert isinstance(display_for(_console(terminal=True)[0]), BarDisplay)


def test_lines_tell_the_start_and_the_end_of_each_phase_once() -> None:
    console, out = _console()
    with LineDisplay(console) as display:
        watcher = Watcher(display, people=2000)
        for state in ("queued", "inventory", "compiling", "done"):
            watcher.saw_run(Run.model_validate({"id": "1", "state": state}))
        watcher.saw_status(Status(bundles=(_bundle(granted=3, in_flight=2, unconfirmed=3),)))
        watcher.saw_status(Status(bundles=(_bundle(granted=5),)))
        watcher.saw_status(Status(bundles=(_bundle(granted=5),)))

    lines = out.getvalue().splitlines()
    assert [line.split(" in ")[0] for line in lines] == [
        "Inventory: started",
        "Inventory: 2,000 people",
        "Changes: started",
        "Licenses: started",
        "Changes: 5 applied",
        "Licenses: 5 confirmed",
    ]


def test_bars_show_counts_for_every_phase() -> None:
    console, out = _console(terminal=True)
    with BarDisplay(console) as display:
        display.show(Phase.START, 4, 4)
        display.show(Phase.CHANGES, 1200, 6000)
        display.close(Phase.CHANGES)

    assert "4 of 4 processes" in out.getvalue()
    assert "1,200 of 6,000 applied" in out.getvalue()


def test_the_table_has_a_row_per_bundle_and_a_row_of_sums() -> None:
    before = Status(bundles=(_bundle(holders=700), BundleStatus(id="f3", name="F3", holders=50)))
    after = Status(
        bundles=(
            _bundle(entitled=1010, holders=1000, granted=400, revoked=100, waiting=10, failed=2),
            BundleStatus(id="f3", name="F3", entitled=9, holders=50, held=41, reason="too many"),
        )
    )
    console, out = _console()

    console.print(table(Summary(before, after, (), 1.0)))

    rows = [" ".join(line.split()) for line in out.getvalue().splitlines()]
    assert "e3 1,010 700 1,000 400 100 10 0 2" in rows
    assert "f3 9 50 50 0 0 0 41 0" in rows
    assert "all 1,019 750 1,050 400 100 10 41 2" in rows
    assert reasons(after) == ["f3: too many"]


def test_the_cost_counts_runs_requests_and_resource_units() -> None:
    runs = (Run(id="1", state="done"), Run(id="2", state="done"))
    spent = Spent.model_validate({"requests": 1234, "resource_units": 56789})

    line = cost(Summary(Status(), Status(), runs, 1.0), spent, 12.34)

    assert line == "2 runs; Graph: 1,234 requests, 56,789 resource units; 12.3 s"

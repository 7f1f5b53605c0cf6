"""The local stack: Azurite, the simulators and the functions host, started and stopped as one.

    async with Stack(layout) as stack:
        await stack.kill("host")
        await stack.start_one("host")

The command line, the end-to-end tests and the benchmarks all drive the stack through this class.
"""

import shutil
from collections.abc import Callable

from local.layout import Layout
from local.ports import require_free
from local.process import Program
from local.processes import Listener, Processes, silent
from local.programs import programs

type Choice = Callable[[Layout], tuple[Program, ...]]


class Stack(Processes):
    """The local stack: Azurite, the two simulators and the functions host, where `layout` says.

    Starting it empties what an earlier stack left in `layout.home` (but for the tenant), so that
    every start is the same.
    """

    def __init__(self, layout: Layout, ready: Listener = silent, choose: Choice = programs) -> None:
        super().__init__(choose(layout), layout.home, ready)
        self.layout = layout

    async def start(self) -> None:
        """Start everything and wait until all are ready.

        Raises:
            StackError: a port is taken, or a program did not come up.
        """
        layout = self.layout
        require_free(layout.ports, simulated=layout.tenant is not None)
        for left in (layout.azurite_data, layout.service_bus_data, layout.host_data):
            shutil.rmtree(left, ignore_errors=True)
            left.mkdir(parents=True)
        await super().start()

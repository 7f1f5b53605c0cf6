"""The one command: check, start, converge, report, and stay up until told to stop."""

import asyncio
import signal
import time
from collections.abc import Coroutine
from pathlib import Path

from local.api import Api
from local.converge import Summary, converge
from local.errors import NotConverged, StackError
from local.follow import follow
from local.graph import Simulator
from local.layout import Layout
from local.options import Options
from local.policies import Policy, read_policies
from local.ports import require_free
from local.programs import programs
from local.progress import Display, Phase
from local.report import cost, reasons, table
from local.stack import Choice, Processes, Stack
from local.tenant_file import Tenant, generate_tenant, read_tenant
from local.witness import Watcher

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_WATCHES_PATIENCE_S = 30.0
_POLL_S = 0.2


async def run_until_signaled(options: Options, display: Display, choose: Choice = programs) -> int:
    """Run the main job; return the exit code. SIGINT, SIGTERM and SIGHUP stop it in good order.

    Raises:
        StackError: it cannot start or go on; nothing is left running.
    """
    job = _Job(options, display, choose)
    task = asyncio.ensure_future(job.run())
    received: list[int] = []

    def stop(number: int) -> None:
        received.append(number)
        task.cancel()

    loop = asyncio.get_running_loop()
    for number in _SIGNALS:
        loop.add_signal_handler(number, stop, number)
    try:
        await task
    except asyncio.CancelledError:
        return 0 if job.converged else 128 + received[0]
    return 0


class _Job:
    """One `make local`."""

    def __init__(self, options: Options, display: Display, choose: Choice) -> None:
        self._choose = choose
        self._options = options
        self._display = display
        self.converged = False

    async def run(self) -> None:
        """Do all of it; ends after convergence when asked to, else when cancelled."""
        began = time.monotonic()
        policies = read_policies(self._options.bundles)
        require_free(self._options.ports)
        home = Path(".local") / str(self._options.ports.host)
        tenant = await self._tenant(home)
        stack = self._stack(Layout(tenant.file, home, self._options.ports, self._options.host))
        try:
            with self._display:
                await self._start(stack)
                summary = await while_alive(stack, self._converge(stack, tenant, policies))
            await while_alive(stack, self._close(stack, summary, began))
            self.converged = True
            if not self._options.once:
                self._explain(stack, tenant)
                await while_alive(stack, self._follow(stack, summary))
        except StackError:
            self._display.say(f"logs: {stack.logs}")
            raise
        finally:
            await stack.stop()
            self._display.say("everything is stopped")

    async def _tenant(self, home: Path) -> Tenant:
        if self._options.tenant is not None:
            return read_tenant(self._options.tenant)
        people, seed = self._options.people, self._options.seed
        self._display.say(f"generating a tenant of {people:,} people (seed {seed})")
        return await generate_tenant(people, seed, home / "tenant.json")

    def _stack(self, layout: Layout) -> Stack:
        up: list[str] = []

        def ready(name: str) -> None:
            up.append(name)
            self._display.show(Phase.START, len(up), len(stack.names))

        stack = Stack(layout, ready, self._choose)
        return stack

    async def _start(self, stack: Stack) -> None:
        self._display.show(Phase.START, 0, len(stack.names))
        await stack.start()
        self._display.close(Phase.START)

    async def _converge(self, stack: Stack, tenant: Tenant, policies: list[Policy]) -> Summary:
        async with Api(stack.layout.host_url) as api:
            for policy in policies:
                await api.store_bundle(policy.id, policy.text)
            return await converge(api, Watcher(self._display, tenant.people))

    async def _close(self, stack: Stack, summary: Summary, began: float) -> None:
        async with Api(stack.layout.host_url) as api, Simulator(stack.layout.graph_url) as graph:
            spent = await graph.spent()
            await watch_for_changes(api, graph)
        self._display.console.print(table(summary))
        for line in [*reasons(summary.after), cost(summary, spent, time.monotonic() - began)]:
            self._display.say(line)

    async def _follow(self, stack: Stack, summary: Summary) -> None:
        async with Api(stack.layout.host_url) as api:
            await follow(api, summary.after, self._display.say)

    def _explain(self, stack: Stack, tenant: Tenant) -> None:
        layout, ports = stack.layout, stack.layout.ports
        for line in (
            "",
            f"running: functions host {layout.host_url}, Graph {layout.graph_url}/v1.0, "
            f"Service Bus on {ports.service_bus}, "
            f"blobs on {ports.blobs}, tables on {ports.tables}",
            f"logs:    {stack.logs}/",
            "change a person and watch the licenses follow:",
            f"  curl -X PATCH {layout.graph_url}/__sim/users/{tenant.somebody} "
            """-H 'Content-Type: application/json' -d '{"department": "Finance"}'""",
            "Ctrl-C stops everything",
            "",
        ):
            self._display.say(line)


async def while_alive[T](stack: Processes, work: Coroutine[None, None, T]) -> T:
    """Do the work; fail at once when one of the stack's processes ends meanwhile.

    Raises:
        ProcessDied: a process ended that nobody stopped; shows the end of its log.
    """
    working, watching = asyncio.create_task(work), asyncio.create_task(stack.watch())
    try:
        done, _ = await asyncio.wait({working, watching}, return_when=asyncio.FIRST_COMPLETED)
        if watching in done:
            await watching
        return await working
    finally:
        working.cancel()
        watching.cancel()
        await asyncio.gather(working, watching, return_exceptions=True)


async def watch_for_changes(api: Api, graph: Simulator) -> None:
    """Have the host subscribe to change notifications, and wait until it has.

    Raises:
        NotConverged: it has not, after half a minute.
    """
    await api.fire("renew_watches")
    deadline = time.monotonic() + _WATCHES_PATIENCE_S
    while not await graph.subscriptions():
        if time.monotonic() > deadline:
            raise NotConverged(
                f"the host has not subscribed to change notifications after "
                f"{_WATCHES_PATIENCE_S:g} s; its log tells why"
            )
        await asyncio.sleep(_POLL_S)

"""The one command, step by step: check, start, converge, report, and stay up."""

import time
from collections.abc import Mapping
from pathlib import Path

from local.api import Api
from local.converge import Summary, converge
from local.errors import NotConverged, StackError
from local.follow import follow, subscribe
from local.graph import Simulator
from local.layout import Layout
from local.options import Options
from local.policies import read_policies
from local.ports import require_free
from local.progress import Display, Phase
from local.report import cost, reasons, table
from local.stack import Choice, Stack
from local.tenant_file import Tenant, generate_tenant, read_tenant
from local.witness import Watcher


class Job:
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
        stack = self._stack()
        tenant = await self._tenant(stack.layout.tenant)
        try:
            with self._display:
                await self._start(stack)
                summary = await stack.during(self._converge(stack, tenant, policies))
            await stack.during(self._close(stack, summary, began))
            self.converged = True
            if self._options.once:
                _require_sent(summary)
            else:
                self._explain(stack, tenant)
                await stack.during(self._follow(stack, summary))
        except StackError:
            self._display.say(f"logs: {stack.logs}")
            raise
        finally:
            self._display.say("stopping")
            await stack.stop()
            self._display.say("everything is stopped")

    async def _tenant(self, file: Path) -> Tenant:
        if self._options.tenant is not None:
            return read_tenant(file)
        people, seed = self._options.people, self._options.seed
        self._display.say(f"generating a tenant of {people:,} people (seed {seed})")
        return await generate_tenant(people, seed, file)

    def _stack(self) -> Stack:
        options = self._options
        home = Path(".local") / str(options.ports.host)
        tenant = options.tenant or home / "tenant.json"
        layout = Layout(tenant, home, options.ports, options.host)
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

    async def _converge(self, stack: Stack, tenant: Tenant, policies: Mapping[str, str]) -> Summary:
        async with Api(stack.layout.host_url) as api:
            await api.push(policies)
            return await converge(api, Watcher(self._display, tenant.people))

    async def _close(self, stack: Stack, summary: Summary, began: float) -> None:
        async with Api(stack.layout.host_url) as api, Simulator(stack.layout.graph_url) as graph:
            spent = await graph.spent()
            await subscribe(api, graph)
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


def _require_sent(summary: Summary) -> None:
    """Raise NotConverged where a bundle is held: its members are not what policy says."""
    held = [bundle.id for bundle in summary.after.bundles if bundle.held]
    if held:
        raise NotConverged(f"held, for the reasons above: {', '.join(held)}")

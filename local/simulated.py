"""`make local` with a simulated tenant: check, start, converge, report, and stay up."""

import time
from pathlib import Path

from local.api import Api
from local.converge import Summary, converge
from local.errors import NotConverged
from local.follow import follow, subscribe
from local.graph import Simulator
from local.job import Job
from local.layout import Layout
from local.options import POLICIES
from local.policies import read_policies
from local.ports import require_free
from local.report import cost, reasons, table
from local.stack import Stack
from local.tenant_file import Tenant, generate_tenant, read_tenant
from local.witness import Watcher


class Simulated(Job):
    """`make local` with a tenant that the Graph simulator holds."""

    async def run(self) -> None:
        """Do all of it; ends after convergence when asked to, else when cancelled."""
        self._began = time.monotonic()
        options = self._options
        self._policies = read_policies(options.bundles or Path(POLICIES))
        require_free(options.ports)
        home = Path(".local") / str(options.ports.host)
        file = options.tenant or home / "tenant.json"
        self._tenant = await self._given(file)
        layout = Layout(file, home, options.ports, options.host, tenant_id=self._tenant.id)
        stack = self._stack(layout)
        await self._with(stack)

    async def _work(self, stack: Stack) -> None:
        with self._display:
            await self._start(stack)
            summary = await stack.during(self._converge(stack))
        await stack.during(self._close(stack, summary))
        self.converged = True
        if self._options.once:
            _require_sent(summary)
        else:
            self._explain(stack)
            await stack.during(self._follow(stack, summary))

    async def _given(self, file: Path) -> Tenant:
        if self._options.tenant is not None:
            return read_tenant(file)
        people, seed = self._options.people, self._options.seed
        self._display.say(f"generating a tenant of {people:,} people (seed {seed})")
        return await generate_tenant(people, seed, file)

    async def _converge(self, stack: Stack) -> Summary:
        async with Api(stack.layout.host_url) as api:
            await api.push(self._policies)
            return await converge(api, Watcher(self._display, self._tenant.people))

    async def _close(self, stack: Stack, summary: Summary) -> None:
        async with Api(stack.layout.host_url) as api, Simulator(stack.layout.graph_url) as graph:
            spent = await graph.spent()
            await subscribe(api, graph)
        self._display.console.print(table(summary))
        for line in [*reasons(summary.after), cost(summary, spent, time.monotonic() - self._began)]:
            self._display.say(line)

    async def _follow(self, stack: Stack, summary: Summary) -> None:
        async with Api(stack.layout.host_url) as api:
            await follow(api, summary.after, self._display.say)

    def _explain(self, stack: Stack) -> None:
        layout, ports = stack.layout, stack.layout.ports
        for line in (
            "",
            f"running: functions host {layout.host_url}, Graph {layout.graph_url}/v1.0, "
            f"Service Bus on {ports.service_bus}, "
            f"blobs on {ports.blobs}, tables on {ports.tables}",
            f"logs:    {stack.logs}/",
            "change a person and watch the licenses follow:",
            "  curl -sSo /dev/null -X PATCH "
            f"{layout.graph_url}/__sim/users/{self._tenant.somebody} "
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

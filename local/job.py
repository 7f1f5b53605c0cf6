"""What every `make local` is: a stack that is started, worked with and stopped."""

from abc import ABC, abstractmethod

from local.errors import StackError
from local.layout import Layout
from local.options import Options
from local.progress import Display, Phase
from local.stack import Choice, Stack


class Job(ABC):
    """One `make local`; `converged` says whether it has done what it is for."""

    def __init__(self, options: Options, display: Display, choose: Choice) -> None:
        self._choose = choose
        self._options = options
        self._display = display
        self.converged = False

    @abstractmethod
    async def run(self) -> None:
        """Do all of it; ends after convergence when asked to, else when cancelled."""

    @abstractmethod
    async def _work(self, stack: Stack) -> None:
        """Start the stack, and do what there is to do with it."""

    async def _with(self, stack: Stack) -> None:
        try:
            await self._work(stack)
        except StackError:
            self._display.say(f"logs: {stack.logs}")
            raise
        finally:
            self._display.say("stopping")
            await stack.stop()
            self._display.say("everything is stopped")

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

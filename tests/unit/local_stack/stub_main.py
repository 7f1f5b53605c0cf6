"""`make local` with stand-ins: everything is the product's own but the programs that it starts."""

import os
import sys

from local.__main__ import main
from local.layout import Layout
from local.process import Program
from tests.unit.local_stack.stubs import LINGER, stub


def programs(layout: Layout) -> tuple[Program, ...]:
    """Return stand-ins; the host also answers for Graph's control surface."""
    ports = (str(layout.ports.host), str(layout.ports.graph))
    changes = os.environ.get("STUB_CHANGES", "8").split()
    command = (sys.executable, "-m", "tests.unit.local_stack.stub_host", *ports, *changes)
    return stub("azurite", LINGER), Program("host", command, "^ready", os.environ)


if __name__ == "__main__":
    sys.exit(main(programs))

"""`make local`: start the whole of Seatflow on this machine and run the main job."""

import asyncio
import os
import sys
from collections.abc import Sequence

from rich.console import Console

from local.display import display_for
from local.errors import BadOption, StackError
from local.options import Options
from local.programs import programs
from local.run import run_until_signaled
from local.stack import Choice


def main(choose: Choice = programs, arguments: Sequence[str] = ()) -> int:
    """Run; return the exit code: 0 converged, 1 could not, 2 a bad parameter, 128+n a signal."""
    # A pipe has no width of its own, and the closing table should not be cut to 80.
    console = Console(width=None if sys.stdout.isatty() else 110)
    try:
        options = _options(arguments)
        return asyncio.run(run_until_signaled(options, display_for(console), choose))
    except StackError as error:
        complaints = Console(stderr=True)
        style = "red" if complaints.is_terminal else None
        complaints.print(
            f"local: {error}", style=style, markup=False, highlight=False, soft_wrap=True
        )
        return 2 if isinstance(error, BadOption) else 1


def _options(arguments: Sequence[str]) -> Options:
    if arguments:
        raise BadOption("there are no arguments, only variables: HOST_PORT=7072 make local")
    return Options.read(os.environ)


if __name__ == "__main__":
    sys.exit(main(arguments=sys.argv[1:]))

"""`make local`: start the whole of Seatflow on this machine and run the main job."""

import asyncio
import os
import sys

from rich.console import Console

from local.display import display_for
from local.errors import BadOption, StackError
from local.options import Options
from local.programs import programs
from local.run import run_until_signaled
from local.stack import Choice


def main(choose: Choice = programs) -> int:
    """Run; return the exit code: 0 converged, 1 could not, 2 a bad parameter, 128+n a signal."""
    console = Console()
    try:
        options = Options.read(os.environ)
        return asyncio.run(run_until_signaled(options, display_for(console), choose))
    except StackError as error:
        complaints = Console(stderr=True)
        style = "red" if complaints.is_terminal else None
        complaints.print(
            f"local: {error}", style=style, markup=False, highlight=False, soft_wrap=True
        )
        return 2 if isinstance(error, BadOption) else 1


if __name__ == "__main__":
    sys.exit(main())

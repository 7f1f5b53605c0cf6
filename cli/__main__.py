"""`seatflow`, or `python -m cli`."""

import os
import sys

from cli.app import app


def main() -> None:
    """Run the command that was typed; the exit codes are in `docs/command.md`."""
    for stream in (sys.stdout, sys.stderr):
        # A terminal that cannot show a sign shows a question mark; that is no reason to fail.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        app(prog_name="seatflow")
    finally:
        _flush()


def _flush() -> None:
    """Write what is left to write, while whoever reads it may have gone: that ends it quietly."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    main()

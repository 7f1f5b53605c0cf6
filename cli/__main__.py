"""`seatflow`, or `python -m cli`."""

import sys

from cli.app import app


def main() -> None:
    """Run the command that was typed; the exit codes are in `docs/command.md`."""
    for stream in (sys.stdout, sys.stderr):
        # A terminal that cannot show a sign shows a question mark; that is no reason to fail.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    app(prog_name="seatflow")


if __name__ == "__main__":
    main()

"""The console command `seatflow`."""

import sys


def main() -> int:
    """Run."""
    sys.stderr.write("seatflow: not there yet\n")
    return 2


if __name__ == "__main__":
    sys.exit(main())

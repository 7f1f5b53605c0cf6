"""Write a generated tenant: `python -m local.tenant --people 2000 --seed 1 [--out FILE]`."""

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from local.tenant.generate import generate


def main() -> None:
    """Read the arguments, generate, and write one JSON document."""
    arguments = argparse.ArgumentParser(prog="python -m local.tenant", description=__doc__)
    arguments.add_argument("--people", type=int, default=2000, help="accounts of every kind")
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--out", type=Path, help="the file to write; standard output if absent")
    given = arguments.parse_args()
    try:
        tenant = generate(given.people, given.seed)
    except ValueError as error:
        arguments.error(str(error))
    if given.out is None:
        sys.stdout.buffer.writelines(lines(tenant))
        return
    with given.out.open("wb") as file:
        file.writelines(lines(tenant))


def lines(tenant: dict[str, Any]) -> Iterator[bytes]:
    """Yield the document, one line for each object, so that two documents can be compared."""
    yield b'{"organization": ' + _json(tenant["organization"])
    for part in ("users", "groups", "subscribedSkus", "companySubscriptions"):
        yield f',\n"{part}": [\n'.encode()
        objects = tenant[part]
        for at, each in enumerate(objects):
            yield _json(each) + (b",\n" if at < len(objects) - 1 else b"\n")
        yield b"]"
    yield b"}\n"


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


if __name__ == "__main__":
    main()

"""Write the published JSON Schema anew: `.venv/bin/python -m schemas`."""

import json
from pathlib import Path

from domain.policy_schema import policy_schema

FILE = Path(__file__).with_name("policy.schema.json")


def text() -> str:
    """Return the schema as the file has it."""
    return json.dumps(policy_schema(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")

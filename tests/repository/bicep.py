"""The infrastructure as parsed by a Bicep parser: what the tests here ask of it."""

import re
from functools import cache
from pathlib import Path
from typing import Any

from pycep import BicepParser

INFRA = Path(__file__).parents[2] / "infra"
FILES = sorted(INFRA.rglob("*.bicep"))

type Json = dict[str, Any]


@cache
def _parser() -> BicepParser:
    return BicepParser(cache=False)


@cache
def parsed(file: Path) -> Json:
    """Return what the parser reads in a file."""
    return dict(_parser().parse(text=file.read_text()))


def module(name: str) -> Path:
    """Return the file of a module."""
    return INFRA / f"modules/{name}.bicep"


def config(resource: Json) -> Json:
    """Return what a resource says, looked up behind a loop and a condition."""
    found: Json = resource["config"]
    while set(found) & {"loop_type", "condition"}:
        found = found["config"]
    return found


def resources(kind: str) -> list[Json]:
    """Return what all resources of a type say."""
    return [
        config(each)
        for file in FILES
        for each in parsed(file).get("resources", {}).values()
        if each["type"] == kind and not each["existing"]
    ]


def outputs_asked_for(file: Path) -> set[tuple[str, str]]:
    """Return the pairs of module and output that a file uses."""
    return set(re.findall(r"\b(\w+)!?\.outputs\.(\w+)", file.read_text()))

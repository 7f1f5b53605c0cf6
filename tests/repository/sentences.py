"""The sentences that an operator can meet, read from the code that makes them."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from domain.outcome import FIXES

ROOT = Path(__file__).parents[2]
HOLE = "…"
"""Stands in a sentence for what differs each time."""

_ERRORS = {"Later", "Busy", "Conflict", "Resync", "Never", "Forbidden", "Untrusted", "Held"}
_FINDINGS = {"error", "warning", "note"}
_GUARDS = ROOT / "domain/guards"


@cache
def said() -> frozenset[str]:
    """Return every text of the app and of the local stack, with a hole for what differs."""
    folders = ("domain", "adapters", "functions", "local")
    trees = (_tree(file) for folder in folders for file in _in(folder))
    return frozenset(_text(node) for tree in trees for node in ast.walk(tree) if _is_text(node))


@cache
def said_to_operators() -> frozenset[str]:
    """Return what errors, guards and doctor say, and the fixes of license errors.

    What is only put together from other sentences has no beginning of its own, and is left out.
    """
    found = {*_of_errors(), *_of_guards(), *_of_doctor(), *FIXES.values()}
    return frozenset(text for text in found if len(re.sub(r"\W", "", text)) > 9)


def _of_errors() -> Iterator[str]:
    for folder in ("domain", "adapters", "functions"):
        for file in _in(folder):
            yield from _arguments(file, _ERRORS)


def _of_doctor() -> Iterator[str]:
    for file in (*_in("adapters/checks"), ROOT / "domain/jobs/doctor.py"):
        yield from _arguments(file, _FINDINGS)


def _of_guards() -> Iterator[str]:
    """Yield what a guard returns for a plan, or yields as the reason for a change."""
    for file in _in("domain/guards"):
        for node in ast.walk(_tree(file)):
            match node:
                case ast.Return(value=value) | ast.Assign(value=value) if value and _is_text(value):
                    yield _text(value)
                case ast.Yield(value=ast.Tuple(elts=[*_, reason])):
                    yield _text(reason)


def _arguments(file: Path, names: set[str]) -> Iterator[str]:
    for node in ast.walk(_tree(file)):
        match node:
            case ast.Call(func=ast.Name(id=name), args=[first, *_]) if name in names:
                yield _text(first)


def _in(folder: str) -> list[Path]:
    return sorted((ROOT / folder).rglob("*.py"))


@cache
def _tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text())


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.JoinedStr) or (
        isinstance(node, ast.Constant) and isinstance(node.value, str)
    )


def _text(node: ast.AST) -> str:
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=parts):
            return "".join(_text(part) for part in parts)
        case _:
            return HOLE

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

_APP = ("domain", "adapters", "functions")
_ERRORS = {"Later", "Busy", "Conflict", "Resync", "Never", "Forbidden", "Untrusted", "Held"}
_FINDINGS = {"error", "warning", "note"}


def is_said(words: str) -> bool:
    """Tell whether the source of the app, or of the local stack, has these words in one text."""
    return re.search(re.escape(words.strip(HOLE)).replace(HOLE, ".{0,80}?"), _source()) is not None


@cache
def said_to_operators() -> frozenset[str]:
    """Return what errors, guards and doctor say, and the fixes of license errors.

    What is only put together from other sentences has no beginning of its own, and is left out.
    """
    errors = (file for folder in _APP for file in _in(folder))
    doctor = (*_in("adapters/checks"), ROOT / "domain/jobs/doctor.py")
    found = {*_arguments(errors, _ERRORS), *_arguments(doctor, _FINDINGS), *FIXES.values()}
    return frozenset(text for text in found.union(_of_guards()) if len(re.sub(r"\W", "", text)) > 9)


@cache
def _source() -> str:
    """Return all source as one text, in which a sentence over several lines is one line."""
    files = (file for folder in (*_APP, "local") for file in _in(folder))
    return re.sub(r'"\n\s+f?"', "", "\n".join(file.read_text() for file in files))


def _of_guards() -> Iterator[str]:
    """Yield what a guard returns for a plan, or yields as the reason for a change."""
    for file in _in("domain/guards"):
        for node in ast.walk(ast.parse(file.read_text())):
            match node:
                case ast.Return(value=value) | ast.Assign(value=value) if value and _is_text(value):
                    yield _text(value)
                case ast.Yield(value=ast.Tuple(elts=[*_, reason])):
                    yield _text(reason)


def _arguments(files: Iterator[Path] | tuple[Path, ...], names: set[str]) -> Iterator[str]:
    """Yield the first argument of every call of one of these names."""
    called = re.compile(rf"\b({'|'.join(names)})\(")
    for file in files:
        source = file.read_text()
        for node in ast.walk(ast.parse(source)) if called.search(source) else ():
            match node:
                case ast.Call(func=ast.Name(id=name), args=[first, *_]) if name in names:
                    yield _text(first)


def _in(folder: str) -> list[Path]:
    return sorted((ROOT / folder).rglob("*.py"))


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

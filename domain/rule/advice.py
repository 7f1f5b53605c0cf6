"""What people from other languages write in a rule, and what they may have meant."""

import re
from difflib import get_close_matches

_OPERATORS = (
    *("eq", "ne", "le", "ge", "in", "notIn", "contains", "notContains", "match", "notMatch"),
    *("startsWith", "notStartsWith", "endsWith", "notEndsWith"),
)
_ELSEWHERE = {
    "=": ("eq",),
    "==": ("eq",),
    "===": ("eq",),
    "is": ("eq",),
    "!=": ("ne",),
    "<>": ("ne",),
    "<": ("le",),
    "lt": ("le",),
    "<=": ("le",),
    ">": ("ge",),
    "gt": ("ge",),
    ">=": ("ge",),
    "like": ("startsWith", "contains", "match"),
    "notlike": ("notStartsWith", "notContains", "notMatch"),
    "equals": ("eq",),
    "equal": ("eq",),
    "notequal": ("ne",),
    "notequals": ("ne",),
    "includes": ("contains",),
    "has": ("contains",),
    "regex": ("match",),
}
"""Operators of PowerShell, OData and programming languages, by what stands for them here."""

_WRITTEN = re.compile(r"[-\u2010-\u2015\u2212]?(\w+|[=!<>]+)")
_ROUND_LIST = re.compile(r"(?<!\w)[-\u2010-\u2015\u2212]?(?:not)?in\s*(\()\s*$", re.IGNORECASE)


def operator_meant(found: str) -> str:
    """Return the operators that were perhaps meant, as a question; empty if none is near."""
    written = _WRITTEN.match(found)
    if written is None:
        return ""
    word = written.group(1).lower()
    known = {name.lower(): name for name in _OPERATORS}
    near = get_close_matches(word, known, n=1, cutoff=0.75)
    meant = _ELSEWHERE.get(word) or tuple(known[each] for each in near)
    if not meant:
        return ""
    *others, last = (f"-{each}" for each in meant)
    return f" Did you mean {', '.join(others)} or {last}?" if others else f" Did you mean {last}?"


def round_list(before: str) -> int | None:
    """Return where a list begins that stands in parentheses, if the text ends in its beginning."""
    found = _ROUND_LIST.search(before)
    return found.start(1) if found else None

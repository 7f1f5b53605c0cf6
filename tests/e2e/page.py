"""A page of the docs as something to be done: commands in order, each with what it is to say."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

_BLOCK = re.compile(r"^```(sh|text)\n(.*?)^```", re.MULTILINE | re.DOTALL)
_LOG = re.compile(r"^```log\n(.*?)^```", re.MULTILINE | re.DOTALL)
_PLAN = re.compile(r"\b[a-z0-9-]+\.\d{16}-[0-9a-f]{8}\b")
_ALIKE = [
    (_PLAN, "PLAN"),
    (re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"), "ID"),
    (re.compile(r"\d[\d,]*(\.\d+)?"), "1"),
    (re.compile(r"\bby \w+ \(unverified"), "by SOMEBODY (unverified"),
    (re.compile(r" +"), " "),
    (re.compile("─+"), "─"),
]
"""What is another each time: ids, numbers and moments, who types, and widths."""


@dataclass(frozen=True)
class Step:
    """What is typed, and the lines that have to come, in order."""

    script: str
    said: tuple[str, ...] = ()

    def about(self, plan: str) -> str:
        """Return the script about this plan: on each machine it has another id."""
        return _PLAN.sub(plan, self.script)

    def missing(self, output: str) -> str | None:
        """Return the first line that the page promises and the output lacks."""
        lines = iter(output.splitlines())
        return next((line for line in self.said if not found(line, lines)), None)


def steps(page: str) -> list[Step]:
    """Return what a page has one type; what starts the stack itself is left out."""
    done: list[Step] = []
    for kind, body in _BLOCK.findall(page):
        if kind == "sh":
            done.append(Step(body))
        else:
            done[-1] = Step(done[-1].script, tuple(filter(None, body.splitlines())))
    return [step for step in done if not step.script.startswith("make ")]


def told(page: str) -> list[str]:
    """Return the lines that the stack itself is to print meanwhile."""
    return [line for body in _LOG.findall(page) for line in body.splitlines()]


def found(line: str, output: Iterable[str]) -> bool:
    """Tell whether a line, or one like it, is among those of an output; `…` stands for anything."""
    pattern = re.compile(re.escape(_alike(line)).replace("…", ".*"))
    return any(pattern.fullmatch(_alike(each)) for each in output)


def plan_in(output: str) -> str | None:
    """Return the first plan that an output names."""
    named = _PLAN.search(output)
    return named[0] if named else None


def _alike(line: str) -> str:
    for what, instead in _ALIKE:
        line = what.sub(instead, line)
    return line.strip()

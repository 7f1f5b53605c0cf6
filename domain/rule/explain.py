"""Why a person meets a rule, or why not: every condition with the person's own values."""

from dataclasses import dataclass

from domain.attributes import MANAGER
from domain.inventory.people import Column, ServicePlan, Value
from domain.rule.tree import (
    Both,
    Comparison,
    DirectReports,
    Either,
    InGroups,
    Node,
    Not,
    Quantified,
)
from domain.rule.view import View

SHOWN = 5
"""Items of a collection that are shown; the rest is counted."""


@dataclass(frozen=True, slots=True)
class Clause:
    """A condition of a rule, and how it stands with one person."""

    text: str
    met: bool
    found: str
    """The person's own value, such as `department is "Sales"`; empty where there are parts."""
    parts: tuple["Clause", ...] = ()


def explain(node: Node[View], view: View) -> Clause:
    """Explain a condition to a view of one person.

    Raises:
        Held: what it asks for was not inventoried.
    """
    met = bool(node.of(view)[0])
    match node:
        case Not(inner=inner):
            return Clause(node.text, met, "", (explain(inner, view),))
        case Both(parts=parts) | Either(parts=parts):
            return Clause(node.text, met, "", tuple(explain(part, view) for part in parts))
        case Comparison(attribute=name) | Quantified(attribute=name):
            return Clause(node.text, met, _own(name, view.people.column(name)))
        case InGroups(groups=groups):
            return Clause(node.text, met, _memberships(groups, view))
        case DirectReports(manager=manager):
            if str(view.people.column("objectId")[0]).lower() == manager:
                return Clause(node.text, met, "is the manager")
            return Clause(node.text, met, _own(MANAGER, view.people.column(MANAGER)))
        case _:
            return Clause(node.text, met, "")


def _own(name: str, column: Column) -> str:
    value = column[0]
    if value is None or value == ():
        return f"no {name}"
    if isinstance(value, tuple):
        items = [_shown(item) for item in value[:SHOWN]]
        more = f" and {len(value) - SHOWN} more" if len(value) > SHOWN else ""
        return f"{name} are {', '.join(items)}{more}"
    return f"{name} is {_shown(value)}"


def _shown(value: Value | ServicePlan) -> str:
    if isinstance(value, ServicePlan):
        return f"{value.service or 'plan'} {value.id} ({value.status or 'no status'})"
    return str(value).lower() if isinstance(value, bool) else f'"{value}"'


def _memberships(groups: tuple[str, ...], view: View) -> str:
    held = [group for group in groups if len(view.memberships.direct(group))]
    if held:
        return f"direct member of {', '.join(held)}"
    return "direct member of none of these groups" if len(groups) > 1 else "no direct member of it"

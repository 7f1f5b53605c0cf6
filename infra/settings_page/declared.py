"""What there is to set: read from the code, so that the page cannot say anything else."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from pydantic.fields import FieldInfo

from adapters.settings import Settings, Unit

ROOT = Path(__file__).parents[2]
REQUIRED = "required"


@dataclass(frozen=True)
class Setting:
    """One row of the page."""

    name: str
    what: str
    default: str
    """As it is written; empty where there is none, `REQUIRED` where somebody has to say."""
    unit: str = ""


def of_the_class() -> Iterator[Setting]:
    """Yield every setting that is a field of the class, as its docstring describes it.

    Raises:
        LookupError: a field has no docstring, or a number without a unit.
    """
    told = _told_in_class()
    for name, field in Settings.model_fields.items():
        if field.alias:
            if name not in told:
                raise LookupError(f"adapters/settings.py: {field.alias} has no docstring.")
            yield Setting(field.alias, told[name], _default(field), _unit(field))


def of_timers() -> Iterator[Setting]:
    """Yield the schedule of every timer of functions/timers.py, as its docstring describes it."""
    tree = ast.parse((ROOT / "functions/timers.py").read_text())
    for node in ast.walk(tree):
        if isinstance(node, ast.AsyncFunctionDef):
            for name in re.findall(r"'%(\w+_SCHEDULE)%'", ast.unparse(node)):
                what = ast.get_docstring(node)
                if what is None:
                    raise LookupError(f"functions/timers.py: {node.name} has no docstring.")
                yield Setting(name, what, "")


def _told_in_class() -> dict[str, str]:
    """Return the text under each field; Python itself keeps none of them."""
    tree = ast.parse((ROOT / "adapters/settings.py").read_text())
    (body,) = [
        node.body
        for node in tree.body
        if isinstance(node, ast.ClassDef) and node.name == Settings.__name__
    ]
    told = {}
    for field, under in pairwise(body):
        match field, under:
            case (
                ast.AnnAssign(target=ast.Name(id=name)),
                ast.Expr(value=ast.Constant(value=str(text))),
            ):
                told[name] = " ".join(text.split())
    return told


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return REQUIRED
    if field.default is None:
        return ""
    return f"{field.default:g}" if isinstance(field.default, float) else str(field.default)


def _unit(field: FieldInfo) -> str:
    for each in field.metadata:
        if isinstance(each, Unit):
            return each.name
    if field.annotation in (int, float):
        raise LookupError(f"adapters/settings.py: {field.alias} is a number without a Unit.")
    return ""

"""The page about telemetry lists what there is, in the words of the code."""

import ast
import inspect
import re
from itertools import pairwise
from pathlib import Path

from domain.telemetry import work as works
from domain.telemetry.metric import Metric
from domain.telemetry.metrics import METRICS
from domain.telemetry.work import Work

PAGE = (Path(__file__).parents[2] / "docs/telemetry.md").read_text()


def test_every_metric_has_its_row() -> None:
    rows = re.findall(r"^\| `seatflow\..*$", PAGE, re.MULTILINE)
    assert rows == [_row(metric) for metric in METRICS]


def test_every_piece_of_work_has_its_row() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (.*) \|$", PAGE, re.MULTILINE)
    assert dict(rows) == _told()
    assert set(_told()) == {str(work) for work in Work}


def _row(metric: Metric) -> str:
    by = ", ".join(f"`{name}`" for name in metric.dimensions)
    return f"| `{metric.name}` | {metric.sort} | {metric.unit} | {by} | {metric.says} |"


def _told() -> dict[str, str]:
    """Return the text under each piece of work; Python itself keeps none of them."""
    (body,) = [
        node.body
        for node in ast.parse(inspect.getsource(works)).body
        if isinstance(node, ast.ClassDef)
    ]
    told = {}
    for name, under in pairwise(body):
        match name, under:
            case ast.Assign(value=ast.Constant(value=work)), ast.Expr(value=ast.Constant(value=t)):
                told[str(work)] = str(t)
    return told

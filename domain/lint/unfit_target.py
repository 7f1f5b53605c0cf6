"""Find targets that do not exist, or that people cannot be put into."""

from collections.abc import Iterator

from domain.lint.case import Case
from domain.lint.finding import Finding
from domain.lint.named import nearest


def find(case: Case) -> Iterator[Finding]:
    """Look at each target group as inventoried."""
    if case.snapshot is None:
        return
    for bundle in case.pushed:
        target = bundle.target.group
        group = case.snapshot.groups.get(target)
        if group is None:
            known = {each.id: each.name for each in case.snapshot.groups.values()}
            problem: str | None = f"Target group {target} is not in the directory."
            problem = f"{problem}{nearest(target, known)}"
        else:
            problem = group.unfit_as_target()
        if problem:
            yield case.error(bundle, problem, "target", "group")

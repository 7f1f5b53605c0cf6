"""Find source groups without anyone in them."""

from collections.abc import Iterator

from domain.errors import Held
from domain.lint.case import Case
from domain.lint.finding import Finding
from domain.lint.named import groups_of


def find(case: Case) -> Iterator[Finding]:
    """Look at everyone in each group, nested members included."""
    if case.snapshot is None:
        return
    for bundle in case.pushed:
        for path, group in groups_of(bundle):
            if group in case.snapshot.groups and not _members(group, case):
                name = case.snapshot.group_name(group)
                yield case.warning(bundle, f"Group {name} is empty.", *path)


def _members(group: str, case: Case) -> bool:
    try:
        return case.snapshot is None or len(case.snapshot.memberships.everyone(group)) > 0
    except Held:
        # A group nested in it was not read, so nobody can say that it is empty.
        return True

"""Find source groups that are not in the directory."""

from collections.abc import Iterator

from domain.lint.case import Case
from domain.lint.finding import Finding
from domain.lint.named import groups_of, nearest


def find(case: Case) -> Iterator[Finding]:
    """An error: nobody can tell who is in such a group, so nothing would be decided."""
    if case.snapshot is None:
        return
    known = {group.id: group.name for group in case.snapshot.groups.values()}
    for bundle in case.pushed:
        for path, group in groups_of(bundle):
            if group not in known:
                sentence = f"Group {group} is not in the directory.{nearest(group, known)}"
                yield case.error(bundle, sentence, *path)

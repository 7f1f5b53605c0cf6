"""Find people named by a policy who are not in the directory."""

from collections.abc import Iterator

from domain.lint.case import Case
from domain.lint.finding import Finding
from domain.lint.named import people_of


def find(case: Case) -> Iterator[Finding]:
    """A warning: people leave, and a policy that still names them does no harm."""
    if case.snapshot is None or not case.snapshot.whole:
        return
    everyone = case.snapshot.people
    for bundle in case.pushed:
        for path, person in people_of(bundle):
            if not len(everyone.rows((person,))):
                yield case.warning(bundle, f"Person {person} is not in the directory.", *path)

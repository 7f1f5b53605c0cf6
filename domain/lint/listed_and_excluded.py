"""Find people whom a policy both names and excludes."""

from collections.abc import Iterator

from domain.lint.case import Case
from domain.lint.finding import Finding
from domain.lint.named import people_of


def find(case: Case) -> Iterator[Finding]:
    """An exclusion beats everything else, so naming her does nothing."""
    for bundle in case.pushed:
        excluded = set(bundle.policy.excluded.people)
        for path, person in people_of(bundle):
            if person in excluded and "excluded" not in path:
                sentence = f"Person {person} is excluded by the same policy, which wins."
                yield case.warning(bundle, sentence, *path)

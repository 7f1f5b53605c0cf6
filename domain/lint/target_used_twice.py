"""Find bundles that share a target: each would undo what the other does."""

from collections.abc import Iterator

from domain.lint.case import Case
from domain.lint.finding import Finding


def find(case: Case) -> Iterator[Finding]:
    """Compare the candidate's bundles with the stored ones that stay."""
    for bundle in case.pushed:
        for other in case.bundles.values():
            if other.id != bundle.id and other.target == bundle.target:
                sentence = f"The target group is already used by {other.id}."
                yield case.error(bundle, sentence, "target", "group")

"""Find rules that nobody meets: more often a slip than a wish."""

from collections.abc import Iterator

from domain.lint.case import Case
from domain.lint.finding import Finding
from domain.lint.named import rules_of


def find(case: Case) -> Iterator[Finding]:
    """Ask every rule about everyone in the snapshot."""
    for bundle in case.pushed:
        for path, rule in rules_of(bundle):
            if case.met(rule) == 0:
                sentence = f"No one of {case.population:,} people meets this rule."
                yield case.warning(bundle, sentence, *path)

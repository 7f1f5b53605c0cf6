"""Find rules that nobody meets: more often a slip than a wish."""

from collections.abc import Iterator

from domain.lint.case import Case, rules_of
from domain.lint.finding import Finding


def find(case: Case) -> Iterator[Finding]:
    """Ask every rule about everyone in the snapshot."""
    for bundle in case.pushed:
        for path, rule in rules_of(bundle):
            mask = case.meets(rule)
            if mask is not None and len(mask) and not mask.any():
                sentence = f"No one of {len(mask):,} people meets this rule."
                yield case.warning(bundle, sentence, *path)

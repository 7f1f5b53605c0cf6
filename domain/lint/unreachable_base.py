"""Find bundles whose requirements can never all be met."""

from collections.abc import Iterator

from domain.lint.case import Case
from domain.lint.finding import Finding


def find(case: Case) -> Iterator[Finding]:
    """Whoever is given a bundle that supersedes another leaves the other."""
    for bundle in case.bundles.values():
        worse = case.relations.worse(bundle.id)
        better = case.relations.better(bundle.id)
        for at, base in enumerate(bundle.requires):
            if base in worse:
                sentence = f"This bundle requires {base}, and supersedes it: it takes its own base."
                yield case.error(bundle, sentence, "requires", at)
            elif base in better:
                sentence = f"This bundle requires {base}, which supersedes it: no one keeps both."
                yield case.error(bundle, sentence, "requires", at)

"""Find rules that everyone meets: guests, service accounts and disabled ones are among them."""

from collections.abc import Iterator

from domain.lint.case import Case
from domain.lint.finding import Finding
from domain.lint.named import rules_of


def find(case: Case) -> Iterator[Finding]:
    """Ask every rule about everyone in the snapshot."""
    for bundle in case.pushed:
        for path, rule in rules_of(bundle):
            if case.met(rule) == case.population:
                sentence = f"All {case.population:,} accounts of the directory meet this rule."
                yield case.warning(bundle, sentence, *path)

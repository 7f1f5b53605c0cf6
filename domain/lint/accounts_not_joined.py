"""Find bundles for primary accounts where the tenant's policy does not say which those are."""

from collections.abc import Iterator

from domain.lint.case import Case
from domain.lint.finding import Finding


def find(case: Case) -> Iterator[Finding]:
    """An error: the bundle would be held for good."""
    if case.tenant.join is not None:
        return
    for bundle in case.bundles.values():
        if bundle.accounts == "primary":
            sentence = (
                "The bundle is for primary accounts, and the tenant's policy does not say which"
                " accounts are of one human: give it a join."
            )
            yield case.error(bundle, sentence, "accounts")

"""Find bundles that would leave the people at their old target behind."""

from collections.abc import Iterator

from domain.lint.case import Case
from domain.lint.finding import Finding


def find(case: Case) -> Iterator[Finding]:
    """Compare with what is stored: a bundle keeps its target for good."""
    before = {bundle.id: bundle for bundle in case.stored}
    for bundle in case.pushed:
        old = before.get(bundle.id)
        if old is not None and old.target != bundle.target:
            sentence = (
                f"A stored bundle keeps its target ({old.target.group}): no one would look after"
                " the people in it. Store a new bundle instead."
            )
            yield case.error(bundle, sentence, "target", "group")

"""Find requests that have ended, and only make a policy longer."""

from collections.abc import Iterator

from domain.lint.case import Case
from domain.lint.finding import Finding


def find(case: Case) -> Iterator[Finding]:
    """Compare the end of each request with now."""
    for bundle in case.pushed:
        for at, request in enumerate(bundle.policy.requests):
            begun = request.model_copy(update={"start": None})
            if not begun.runs(case.now):
                sentence = f"The request of {request.person} ended on {request.until:%Y-%m-%d}."
                yield case.warning(bundle, sentence, "policy", "requests", at, "until")

"""Find policies that entitle no one, because they name nobody or exclude everybody they name."""

from collections.abc import Iterator

import numpy as np

from domain.bundle import Bundle
from domain.lint.case import Case
from domain.lint.finding import Finding
from domain.policy import Exclusion


def find(case: Case) -> Iterator[Finding]:
    """A warning: such a bundle may be meant for later, and a guard holds the revokes."""
    for bundle in case.pushed:
        entitled = case.entitled(bundle)
        if entitled is None or entitled.any():
            continue
        named = _named(bundle, case)
        if named:
            sentence = f"All {named:,} people the policy names are excluded by it as well."
            yield case.warning(bundle, sentence, "policy", "excluded")
        else:
            yield case.warning(bundle, "The policy entitles no one as of now.", "policy")


def _named(bundle: Bundle, case: Case) -> int:
    """Count the people who would be entitled if no one were excluded."""
    policy = bundle.policy.model_copy(update={"excluded": Exclusion()})
    mask = case.entitled(bundle.model_copy(update={"policy": policy}))
    return 0 if mask is None else int(np.count_nonzero(mask))

"""Find names of bundles that no bundle has."""

from collections.abc import Iterator

from domain.lint.case import Case
from domain.lint.finding import Finding
from domain.lint.named import nearest


def find(case: Case) -> Iterator[Finding]:
    """Look at what bundles supersede and require, and at whom pools are for."""
    known = sorted(case.bundles)
    complain = case.warning if case.offline else case.error
    complain_of_pool = case.tenant_warning if case.offline else case.tenant_error
    for bundle in case.pushed:
        named = {"supersedes": bundle.supersedes, "requires": bundle.requires}
        for field, ids in named.items():
            for at, id in enumerate(ids):
                if id not in case.bundles:
                    yield complain(bundle, _sentence(case, id, known), field, at)
    for at, pool in enumerate(case.tenant.pools):
        for index, id in enumerate(pool.bundles):
            if id not in case.bundles:
                path = ("pools", at, "bundles", index)
                yield complain_of_pool(_sentence(case, id, known), *path)


def _sentence(case: Case, id: str, known: list[str]) -> str:
    if case.offline:
        return f"No file has a bundle {id}; it must be stored already.{nearest(id, known)}"
    return f"There is no bundle {id}.{nearest(id, known)}"

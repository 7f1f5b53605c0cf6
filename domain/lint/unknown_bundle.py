"""Find names of bundles that no bundle has."""

from collections.abc import Iterator

from domain.lint.case import Case
from domain.lint.finding import Finding
from domain.lint.named import nearest


def find(case: Case) -> Iterator[Finding]:
    """Look at what bundles supersede and require, and at whom pools are for."""
    known = sorted(case.bundles)
    for bundle in case.pushed:
        named = {"supersedes": bundle.supersedes, "requires": bundle.requires}
        for field, ids in named.items():
            for at, id in enumerate(ids):
                if id not in case.bundles:
                    yield case.error(bundle, _sentence(id, known), field, at)
    for at, pool in enumerate(case.tenant.pools):
        for index, id in enumerate(pool.bundles):
            if id not in case.bundles:
                path = ("pools", at, "bundles", index)
                yield case.tenant_error(_sentence(id, known), *path)


def _sentence(id: str, known: list[str]) -> str:
    return f"There is no bundle {id}.{nearest(id, known)}"

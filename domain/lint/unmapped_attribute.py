"""Find mapped attributes that no rule can rest on: none of that name, or none in Graph."""

from collections.abc import Iterator

from domain.lint.case import Case
from domain.lint.finding import Finding
from domain.lint.named import rules_of
from domain.mapping import is_mapped
from domain.rule import parse_rule


def find(case: Case) -> Iterator[Finding]:
    """An error: the bundle would be held for good. A new mapping may do that to stored ones."""
    mapping = case.tenant.attributes()
    for bundle in case.bundles.values():
        for path, rule in rules_of(bundle):
            for name in sorted(filter(is_mapped, parse_rule(rule).attributes)):
                if reason := mapping.why_not(name):
                    yield case.error(bundle, reason, *path)
    if case.tenant.join is not None:
        for name in sorted(filter(is_mapped, case.tenant.join.attributes())):
            if reason := mapping.why_not(name):
                yield case.tenant_error(reason, "join")

"""What a bundle names, each with the path to it, and what may have been meant by a name."""

from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches

from domain.bundle import Bundle
from domain.rule import parse_rule

type Path = tuple[str | int, ...]


def rules_of(bundle: Bundle) -> Iterator[tuple[Path, str]]:
    """Yield every rule of a bundle with the path to it."""
    policy = bundle.policy
    if policy.rule is not None:
        yield ("policy", "rule"), policy.rule
    if policy.excluded.rule is not None:
        yield ("policy", "excluded", "rule"), policy.excluded.rule
    for at, rule in enumerate(bundle.priority):
        yield ("priority", at), rule


def groups_of(bundle: Bundle) -> Iterator[tuple[Path, str]]:
    """Yield every group a bundle reads, with the path to it."""
    for at, group in enumerate(bundle.policy.groups):
        yield ("policy", "groups", at), group.id
    for at, group in enumerate(bundle.policy.excluded.groups):
        yield ("policy", "excluded", "groups", at), group.id
    for path, rule in rules_of(bundle):
        for named in parse_rule(rule).groups:
            yield path, named


def people_of(bundle: Bundle) -> Iterator[tuple[Path, str]]:
    """Yield every person a bundle names, with the path to her."""
    policy = bundle.policy
    for at, person in enumerate(policy.people):
        yield ("policy", "people", at), person
    for at, request in enumerate(policy.requests):
        yield ("policy", "requests", at, "person"), request.person
    for at, person in enumerate(policy.excluded.people):
        yield ("policy", "excluded", "people", at), person


def nearest(name: str, known: Mapping[str, str] | Sequence[str]) -> str:
    """Return a question that names what may have been meant, or nothing.

    Args:
        known: the names there are, or names with what people call them.
    """
    found = get_close_matches(name, list(known), 1, cutoff=0.75)
    if not found:
        return ""
    called = f"{known[found[0]]}, " if isinstance(known, Mapping) else ""
    return f" Did you mean {called}{found[0]}?"

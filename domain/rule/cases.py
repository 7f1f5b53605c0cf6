"""One rule tried on one person, as a document: what `rule eval` reads and what it answers.

A case comes from a person's own file, so nothing about its shape is taken for granted.
"""

import reprlib
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from domain.attributes import SOURCES, Kind, kind_of, on_demand, source_of
from domain.errors import Held, RuleError
from domain.inventory.membership import Memberships
from domain.inventory.people import Person, attributes_of, people_of
from domain.inventory.snapshot import Snapshot
from domain.mapping import DEFAULT, mapped
from domain.rule.dates import instant
from domain.rule.parse import parse_rule
from domain.rule.rule import Rule
from domain.rule.view import View


def evaluate_case(case: Mapping[str, Any], now: datetime | None = None) -> dict[str, Any]:
    """Return `{"id", "result": True | False | "error", "message"}` for one case.

    A case is `{id, rule, user, groups, now}`: `user` as Graph returns one, `groups` the ids of the
    groups the person is a direct member of, `now` an ISO instant. Nothing is raised.

    Args:
        now: what `system.now` means where the case does not say.
    """
    name = case.get("id") if isinstance(case, Mapping) else None
    try:
        return {"id": name, "result": evaluate(case, now), "message": ""}
    except (RuleError, Held, Malformed) as error:
        return {"id": name, "result": "error", "message": str(error)}


class Malformed(Exception):
    """A case that is none; the text is a sentence."""


def evaluate(case: Mapping[str, Any], now: datetime | None = None) -> bool:
    """Tell whether the person of a case meets its rule.

    Raises:
        Malformed: the case is none.
        RuleError: its rule is none.
        Held: what the rule asks for is unknown.
    """
    if not isinstance(case, Mapping):
        raise Malformed("A case is an object with a rule and a user.")
    text, user, groups = case.get("rule"), case.get("user"), case.get("groups") or ()
    if not isinstance(text, str):
        raise Malformed(f"The case has {_found(text)} where its rule, a text, belongs.")
    rule = parse_rule(text)
    if not isinstance(user, Mapping):
        raise Malformed(f"The case has {_found(user)} where its user, an object, belongs.")
    if not isinstance(groups, list | tuple) or not all(isinstance(each, str) for each in groups):
        raise Malformed(f"The case has {_found(groups)} where a list of group ids belongs.")
    return _meets(rule, user, {each.lower() for each in groups}, _moment(case, rule, now))


def _meets(rule: Rule, user: Mapping[str, Any], groups: set[str], now: datetime) -> bool:
    also = sorted(on_demand(DEFAULT.reads(rule.attributes)))
    for name in (*SOURCES, *also):
        _check(name, user)
    people = people_of([Person("", attributes_of(user, also))])
    everyone, no_one = people.rows([""]), people.rows([])
    members = {each: everyone if each in groups else no_one for each in rule.groups}
    seen = mapped(Snapshot(now, people, {}, Memberships(members, {}), {}), DEFAULT)
    return bool(rule.of(View(seen.people, seen.memberships, now))[0])


def _moment(case: Mapping[str, Any], rule: Rule, now: datetime | None) -> datetime:
    text = case.get("now")
    if text is None:
        if now is None and rule.timed:
            raise Malformed("The rule asks for system.now, and the case does not say when it is.")
        return now or datetime.min.replace(tzinfo=UTC)
    found = instant(text) if isinstance(text, str) else None
    if found is None:
        raise Malformed(f"The case has {_found(text)} where an instant, its now, belongs.")
    return found


def _check(name: str, user: Mapping[str, Any]) -> None:
    """Refuse a value that Graph could not have sent."""
    value: Any = user
    *outer, _ = path = source_of(name).split(".")
    for part in outer:
        value = value.get(part)
        if value is None:
            return
        if not isinstance(value, Mapping):
            raise Malformed(f"The user has {_found(value)} where {part}, an object, belongs.")
    value = value.get(path[-1])
    wanted, fits = _SHAPES[kind_of(name)]
    if name in _FIRST_OF_MANY and isinstance(value, list):
        fits = _are_texts
    if name.lower().startswith("extension_") or "." in name:
        wanted, fits = "a text, a number or a flag", _is_scalar
    if value is not None and not fits(value):
        raise Malformed(f"The user has {_found(value)} where {'.'.join(path)}, {wanted}, belongs.")


def _is_scalar(value: Any) -> bool:
    return isinstance(value, str | bool | int | float)


def _are_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)


def _are_plans(value: Any) -> bool:
    return isinstance(value, list) and all(
        isinstance(each, Mapping) and all(_is_text_or_none(each.get(f)) for f in _PLAN_FIELDS)
        for each in value
    )


def _is_text_or_none(value: Any) -> bool:
    return value is None or isinstance(value, str)


def _found(value: Any) -> str:
    return "nothing" if value is None else reprlib.repr(value)


_PLAN_FIELDS = ("servicePlanId", "service", "capabilityStatus")
_FIRST_OF_MANY = ("telephoneNumber", "sipProxyAddress")
_SHAPES: dict[Kind, tuple[str, Callable[[Any], bool]]] = {
    Kind.TEXT: ("a text", _is_text_or_none),
    Kind.FLAG: ("true or false", lambda value: isinstance(value, bool)),
    Kind.DATE: ("an instant", lambda value: isinstance(value, str) and instant(value) is not None),
    Kind.TEXTS: ("a list of texts", _are_texts),
    Kind.PLANS: ("a list of plans", _are_plans),
}

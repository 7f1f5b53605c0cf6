"""What a rule names: attributes of people, items of collections and their fields."""

import re
from dataclasses import dataclass
from difflib import get_close_matches

from domain.attributes import NAMES, Kind, canonical, kind_of
from domain.mapping import DEFAULT, PREFIX
from domain.rule.pieces import Piece
from domain.rule.view import ITEM, PLAN_FIELDS

MEMBER_OF = "memberOf"

_USER, _PLAN = "user.", "assignedPlan."
_FIELDS = {name.lower(): name for name in PLAN_FIELDS}
_ALONE = ("managers", "directreports", "manager")
_OUTSIDE = "which stands inside -any (…) or -all (…) only."


@dataclass(frozen=True, slots=True)
class Name:
    """An attribute, or a field of an item, and what kind it is."""

    name: str
    kind: Kind
    shown: str
    loose: bool = False
    """Its values may be texts, numbers or flags: only Entra knows."""
    mapped: bool = False
    """It is of the attribute mapping, and may be a date, too."""


def is_member_of(name: Piece) -> bool:
    """Tell whether the group memberships are meant."""
    return name.text.lower() == (_USER + MEMBER_OF).lower()


def of_person(name: Piece) -> Name:
    """Return the attribute of a person that is named.

    Raises:
        RuleError: there is no such attribute, or it is not one of a person.
    """
    prefix, _, rest = name.text.partition(".")
    if name.text == ITEM or name.text.lower().startswith(_PLAN.lower()):
        raise name.error(_OUTSIDE)
    if prefix.lower() + "." == PREFIX:
        if "." in rest:
            raise name.error(f"expected one name of the attribute mapping after {PREFIX}")
        return Name(PREFIX + rest.lower(), Kind.TEXT, PREFIX + rest, loose=True, mapped=True)
    if prefix.lower() != "user":
        raise name.error("expected a property such as user.department: rules are about people.")
    found = canonical(rest)
    if found is None:
        raise name.error(f"attribute not supported.{_advice(rest)}")
    return Name(
        found, kind_of(found), f"user.{found}", loose=found.lower().startswith("extension_")
    )


def of_item(collection: Name, name: Piece) -> Name:
    """Return the item, or field of an item, that is named inside -any or -all.

    Raises:
        RuleError: the collection's items have no such field.
    """
    if collection.kind is Kind.TEXTS:
        if name.text == ITEM:
            return Name(ITEM, Kind.TEXT, ITEM)
        raise name.error(f"expected _, which stands for an item of {collection.shown}.")
    prefix, _, field = name.text.partition(".")
    if prefix.lower() + "." == _PLAN.lower() and field.lower() in _FIELDS:
        found = _FIELDS[field.lower()]
        return Name(found, Kind.TEXT, _PLAN + found)
    fields = ", ".join(_PLAN + known for known in PLAN_FIELDS)
    raise name.error(f"expected a field of an item of {collection.shown}: {fields}.")


def _advice(rest: str) -> str:
    if rest.lower() in _ALONE:
        return ' Ask for the people below a manager as Direct Reports for "…", alone in the rule.'
    if re.fullmatch(r"extensionattribute\d+", rest.lower()):
        return " They are user.extensionAttribute1 to 15."
    if mapped := DEFAULT.names.get(rest.lower()):
        return f" Did you mean {PREFIX}{mapped}, of the attribute mapping?"
    known = {name.lower(): name for name in (*NAMES, MEMBER_OF)}
    near = get_close_matches(rest.lower(), known, n=1)
    return f" Did you mean user.{known[near[0]]}?" if near else ""

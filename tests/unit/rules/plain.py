"""Rules as plain trees, written down and judged one person at a time.

This is a second, slower reading of the language: it knows nothing of the parser, of columns or of
masks, and takes a user as Graph sends one.
"""

import re
from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st

NOW = datetime.fromisoformat("2026-11-22T09:00:00Z")
TEXTS = ["Sales", "sALES", "sal", "les", "", "IT", "a'b", 'a"b', "ÆØÅ", "æøå", "Ⅳ-1", "x\ny"]
PATTERNS = ["^sal", "les$", "a.b", "[æi]", "s|t", r"\d", "l+e"]
DATES = [f"2026-11-{day}T09:00:00Z" for day in (20, 21, 22, 23, 24)]
FIELDS = {"servicePlanId": ["p1", "p2", None], "service": ["SCO", "exchange", None],
          "capabilityStatus": ["Enabled", "Deleted", None]}  # fmt: skip
GROUP_IDS = ["g1", "g2", "g3"]

type Tree = tuple[Any, ...]
type User = dict[str, Any]

_maybe_text = st.none() | st.sampled_from(TEXTS)
_plan = st.fixed_dictionaries({name: st.sampled_from(some) for name, some in FIELDS.items()})
USERS: st.SearchStrategy[User] = st.fixed_dictionaries(
    {"id": st.sampled_from(["m1", "m2", "m3"])},
    optional={
        "department": _maybe_text,
        "city": _maybe_text,
        "onPremisesExtensionAttributes": st.fixed_dictionaries(
            {"extensionAttribute7": _maybe_text}
        ),
        "accountEnabled": st.sampled_from([True, False, None]),
        "employeeHireDate": st.none() | st.sampled_from(DATES),
        "otherMails": st.lists(st.sampled_from(TEXTS), max_size=3),
        "assignedPlans": st.lists(_plan, max_size=3),
        "manager": st.sampled_from([None, {"id": "m1"}, {"id": "m2"}]),
    },
)

_SOURCE = {
    "department": ("department",),
    "city": ("city",),
    "extensionAttribute7": ("onPremisesExtensionAttributes", "extensionAttribute7"),
}
_WHOLE = ("eq", "startsWith", "endsWith", "contains")


def _texts(name: Any, patterns: bool = True) -> st.SearchStrategy[Tree]:
    kinds = [
        st.tuples(st.just("text"), name, st.sampled_from(_WHOLE), st.booleans(),
                  st.sampled_from(TEXTS)),
        st.tuples(st.just("text"), name, st.just("eq"), st.booleans(), st.none()),
        st.tuples(st.just("text"), name, st.just("in"), st.booleans(),
                  st.lists(st.sampled_from(TEXTS), min_size=1, max_size=3)),
    ]  # fmt: skip
    if patterns:
        kinds.append(
            st.tuples(st.just("text"), name, st.just("match"), st.booleans(),
                      st.sampled_from(PATTERNS))
        )  # fmt: skip
    return st.one_of(kinds)


def _joined(leaf: st.SearchStrategy[Tree]) -> st.SearchStrategy[Tree]:
    return st.recursive(
        leaf,
        lambda inner: (
            st.tuples(st.sampled_from(["and", "or"]), inner, inner)
            | st.tuples(st.just("not"), inner)
        ),
        max_leaves=6,
    )


_leaf = st.one_of(
    _texts(st.sampled_from(list(_SOURCE))),
    st.tuples(st.just("flag"), st.booleans(), st.sampled_from([True, False, None])),
    st.tuples(st.just("date"), st.sampled_from(["eq", "ne", "le", "ge"]), st.sampled_from(DATES)),
    st.tuples(st.just("date"), st.sampled_from(["eq", "ne"]), st.none()),
    st.tuples(st.just("date"), st.sampled_from(["le", "ge"]), st.integers(-3, 3)),
    st.tuples(st.just("items"), st.booleans(), _joined(_texts(st.just("_")))),
    st.tuples(st.just("plans"), st.booleans(), _joined(_texts(st.sampled_from(list(FIELDS))))),
    st.tuples(st.just("bare"), _texts(st.just("otherMails"), patterns=False)),
)
TREES: st.SearchStrategy[Tree] = st.one_of(
    _joined(_leaf),
    st.tuples(st.just("groups"), st.lists(st.sampled_from(GROUP_IDS), min_size=1, max_size=3)),
    st.tuples(st.just("reports"), st.sampled_from(["m1", "m2", "m3"])),
)


def write(tree: Tree, pick: Any) -> str:  # noqa: C901  (one case a kind)
    """Write a tree down as a rule; `pick` chooses among spellings that mean the same."""
    match tree:
        case ("and" | "or" as word, left, right):
            # -not binds tighter than -and, -and tighter than -or; the rest is in parentheses.
            inner = {"and": ("and", "or"), "or": ("or",)}[word]
            sides = [_wrapped(side, inner, pick) for side in (left, right)]
            return f"{sides[0]} {_op(word, pick)} {sides[1]}"
        case ("not", inner):
            return f"{_op('not', pick)} {_wrapped(inner, ('and', 'or'), pick)}"
        case ("text", name, word, negative, value):
            operand = {"_": "_"}.get(name) or (
                f"assignedPlan.{name}" if name in FIELDS else f"user.{name}"
            )
            word = {"eq": "ne"}.get(word, f"not{word}") if negative else word
            return f"{operand} {_op(word, pick)} {_value(value, pick)}"
        case ("flag", negative, value):
            quoted = f'"{value}"' if value is not None and pick([True, False]) else str(value)
            shown = "null" if value is None else quoted
            return f"user.accountEnabled {_op('ne' if negative else 'eq', pick)} {shown}"
        case ("date", word, None):
            return f"user.employeeHireDate {_op(word, pick)} $null"
        case ("date", word, int() as days):
            shift = f"{_op('plus' if days > 0 else 'minus', pick)} P{abs(days)}D" if days else ""
            moment = f"system.now {shift}"
            return f"user.employeeHireDate {_op(word, pick)} {pick([moment, f'({moment})'])}"
        case ("date", word, value):
            return f"user.employeeHireDate {_op(word, pick)} {pick([value, f'"{value}"'])}"
        case ("items" | "plans" as kind, every, inner):
            name = {"items": "otherMails", "plans": "assignedPlans"}[kind]
            return f"user.{name} {_op('all' if every else 'any', pick)} ({write(inner, pick)})"
        case ("bare", inner):
            return write(inner, pick)
        case ("groups", ids):
            return f"user.memberOf -any (group.objectId -in {_value(ids, pick)})"
        case ("reports", manager):
            return f'Direct Reports for "{manager}"'
    raise AssertionError(tree)


def judge(tree: Tree, user: User, groups: list[str]) -> bool:  # noqa: C901  (one case a kind)
    """Tell whether one person meets a tree."""
    match tree:
        case ("and", left, right):
            return judge(left, user, groups) and judge(right, user, groups)
        case ("or", left, right):
            return judge(left, user, groups) or judge(right, user, groups)
        case ("not", inner):
            return not judge(inner, user, groups)
        case ("text", name, word, negative, value):
            return _compare(_dig(user, _SOURCE.get(name, (name,))), word, value) is not negative
        case ("flag", negative, value):
            return (user.get("accountEnabled") is value) is not negative
        case ("date", word, value):
            return _date(user.get("employeeHireDate"), word, value)
        case ("items", every, inner):
            items = [{"_": item} for item in user.get("otherMails", [])]
            return _over(items, every, inner)
        case ("plans", every, inner):
            return _over(user.get("assignedPlans", []), every, inner)
        case ("bare", ("text", _, _, negative, None)):
            return (not user.get("otherMails")) is not negative
        case ("bare", ("text", _, word, negative, value)):
            mails = user.get("otherMails", [])
            return any(_compare(mail, word, value) for mail in mails) is not negative
        case ("groups", ids):
            return any(each in groups for each in ids)
        case ("reports", manager):
            return manager in (user["id"], _dig(user, ("manager", "id")))
    raise AssertionError(tree)


def _over(items: list[User], every: bool, inner: Tree) -> bool:
    for item in items:
        if judge(inner, item, []) != every:
            return not every
    return every


def _compare(value: str | None, word: str, constant: Any) -> bool:
    if constant is None:
        return value is None
    if value is None:
        return False
    if word == "match":
        return re.search(constant, value, re.IGNORECASE) is not None
    if word == "in":
        return value.lower() in [each.lower() for each in constant]
    value, constant = value.lower(), str(constant).lower()
    size = len(constant)
    answers: dict[str, bool] = {
        "eq": value == constant,
        "startsWith": value[:size] == constant,
        "endsWith": size == 0 or value[-size:] == constant,
        "contains": constant in value,
    }
    return answers[word]


def _date(value: str | None, word: str, constant: Any) -> bool:
    if constant is None:
        return (value is None) == (word == "eq")
    if value is None:
        return word == "ne"
    if isinstance(constant, int):
        bound = NOW + timedelta(days=constant)
    else:
        bound = datetime.fromisoformat(constant)
    found = datetime.fromisoformat(value)
    return {
        "eq": found == bound, "ne": found != bound, "le": found <= bound, "ge": found >= bound
    }[word]  # fmt: skip


def _dig(user: User, path: tuple[str, ...]) -> Any:
    found: Any = user
    for part in path:
        found = (found or {}).get(part)
    return found


def _wrapped(tree: Tree, loose: tuple[str, ...], pick: Any) -> str:
    text = write(tree, pick)
    return f"({text})" if tree[0] in loose or pick([True, False]) else text


def _op(word: str, pick: Any) -> str:
    return str(pick(["-", ""]) + pick([word, word.lower(), word.upper()]))


def _value(value: Any, pick: Any) -> str:
    if value is None:
        return str(pick(["null", "$null", "NULL"]))
    if isinstance(value, list):
        return f"[{pick([', ', ',']).join(_value(each, pick) for each in value)}]"
    doubled = value.replace("'", "''")
    escaped = value.replace('"', pick(['`"', '""']))
    return str(pick([f'"{escaped}"', f"'{doubled}'"]))

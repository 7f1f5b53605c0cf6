"""The conditions a rule is made of, each read from its part of the tree."""

from collections.abc import Callable

from lark import Token, Tree

from domain.attributes import Kind
from domain.rule.checks import date_test, flag_test, text_test, texts_of
from domain.rule.names import Name, is_member_of, of_item, of_person
from domain.rule.operators import OPERATORS, is_empty, opposite
from domain.rule.pieces import Is, Piece, Written, piece, unquote, written
from domain.rule.tree import (
    Both,
    Comparison,
    DirectReports,
    Either,
    InGroups,
    Node,
    Not,
    Quantified,
)
from domain.rule.view import ITEM, Items, Scope, View

MOST_GROUPS = 50
"""Entra docs: groups-dynamic-rule-member-of, "each with up to 50 source groups"."""

_MEMBER_OF = 'user.memberOf -any (group.objectId -in ["…"])'
_REPORTS = 'Direct Reports for "…"'


class Conditions:
    """Reads conditions out of the tree of one rule.

    Every method raises RuleError where a part makes no sense in its place.
    """

    def __init__(self, rule: str) -> None:
        self._rule = rule

    def join[S: Scope](self, tree: Tree[Token], leaf: Callable[[Tree[Token]], Node[S]]) -> Node[S]:
        """Return what -and, -or and -not make of conditions that `leaf` reads."""
        if tree.data not in ("either", "both", "inverse"):
            return leaf(tree)
        parts = tuple(self.join(part, leaf) for part in tree.children if isinstance(part, Tree))
        match tree.data:
            case "inverse":
                return Not(self._text(tree), parts[0])
            case "both":
                return Both(self._text(tree), parts)
            case _:
                return Either(self._text(tree), parts)

    def alone(self, tree: Tree[Token]) -> Node[View] | None:
        """Return a condition that only stands alone: on memberships or on the manager."""
        if tree.data == "reports":
            return DirectReports(self._text(tree), unquote(_token(tree, 1)).lower())
        if tree.data == "quantified" and is_member_of(self._piece(tree, 0)):
            return self._in_groups(tree)
        return None

    def of_person(self, tree: Tree[Token]) -> Node[View]:
        """Return a comparison of an attribute, or a condition on a collection."""
        first = self._piece(tree, 0)
        _refuse_company(tree, first)
        name = of_person(first)
        if tree.data == "quantified":
            return self._quantified(tree, name)
        operator, value, text = self._piece(tree, 1), self._value(tree), self._text(tree)
        dated = operator.word in ("le", "ge") or value.kind in (Is.DATE, Is.MOMENT)
        match Kind.DATE if name.mapped and dated else name.kind:
            case Kind.FLAG:
                return Comparison(text, name.name, flag_test(name.shown, operator, value))
            case Kind.DATE:
                test = date_test(name.shown, operator, value)
                return Comparison(text, name.name, test, timed=value.kind is Is.MOMENT)
            case Kind.TEXTS:
                return _bare(text, name, operator, value)
            case Kind.PLANS:
                raise operator.error(
                    f"expected -any or -all: {name.shown} is a collection, as in"
                    f' {name.shown} -any (assignedPlan.servicePlanId -eq "…").'
                )
            case _:
                test = text_test(name.shown, operator, value, loose=name.loose)
                return Comparison(text, name.name, test)

    def _quantified(self, tree: Tree[Token], name: Name) -> Quantified:
        quantifier = self._piece(tree, 1)
        if name.kind not in (Kind.TEXTS, Kind.PLANS):
            raise quantifier.error(f"which is about collections, and {name.shown} is none.")

        def of_item_of_this(inner: Tree[Token]) -> Node[Items]:
            first = self._piece(inner, 0)
            _refuse_company(inner, first)
            if inner.data == "quantified":
                raise first.error("which cannot stand inside another -any or -all.")
            item = of_item(name, first)
            test = text_test(item.shown, self._piece(inner, 1), self._value(inner))
            return Comparison(self._text(inner), item.name, test)

        condition = self.join(_last(tree), of_item_of_this)
        return Quantified(self._text(tree), name.name, quantifier.word == "all", condition)

    def _in_groups(self, tree: Tree[Token]) -> InGroups:
        inner = _last(tree)
        asked = self._piece(tree, 1).word == "any" and inner.data == "comparison"
        if asked and self._piece(inner, 0).text.lower() == "group.objectid":
            operator, value = self._piece(inner, 1), self._value(inner)
            if operator.word == "in":
                groups = dict.fromkeys(each.lower() for each in texts_of(value))
                if len(groups) > MOST_GROUPS:
                    raise value.error(f"expected {MOST_GROUPS} groups at most, not {len(groups)}.")
                return InGroups(self._text(tree), tuple(groups))
        raise self._piece(tree, 0).error(f"expected {_MEMBER_OF} and no other question about it.")

    def _piece(self, tree: Tree[Token], index: int) -> Piece:
        return piece(_token(tree, index), self._rule)

    def _value(self, tree: Tree[Token]) -> Written:
        return written(_last(tree), self._rule)

    def _text(self, tree: Tree[Token]) -> str:
        return self._rule[tree.meta.start_pos : tree.meta.end_pos]


def _bare(text: str, name: Name, operator: Piece, value: Written) -> Node[View]:
    """Return a comparison of a whole collection: some item, or none, is like that."""
    if operator.word in ("match", "notmatch"):
        raise operator.error(f"which cannot be applied to {name.shown}: use -any (_ -match …).")
    item = Comparison(text, ITEM, text_test(name.shown, operator, value))
    negative = OPERATORS[operator.word].negative
    if value.kind is Is.NULL:
        return Comparison(text, name.name, opposite(is_empty) if negative else is_empty)
    return Quantified(text, name.name, every=negative, condition=item)


def _refuse_company(tree: Tree[Token], first: Piece) -> None:
    if tree.data == "reports":
        raise first.error(f"which cannot be combined: {_REPORTS} is a rule alone.")
    if is_member_of(first):
        raise first.error(f"which is asked for as {_MEMBER_OF}, alone in the rule.")


def _last(tree: Tree[Token]) -> Tree[Token]:
    found = tree.children[-1]
    assert isinstance(found, Tree), "the grammar ends this rule with another"
    return found


def _token(tree: Tree[Token], index: int) -> Token:
    found = tree.children[index]
    assert isinstance(found, Token), "the grammar has a word here"
    return found

"""Find what a join cannot tell: values that too many accounts share, accounts of two humans."""

from collections.abc import Iterator

from domain.errors import Held
from domain.inventory.join import Join
from domain.inventory.persons import Joined
from domain.lint.case import Case
from domain.lint.finding import Finding
from domain.rule import View


def find(case: Case) -> Iterator[Finding]:
    """A warning each: such accounts count as humans of their own, so nobody loses anything."""
    join = case.tenant.join
    if join is None:
        return
    if case.snapshot is not None and case.snapshot.joined is not None:
        view = View(case.snapshot.people, case.snapshot.memberships, case.now)
        yield from _found(case, join, case.snapshot.joined, view)


def _found(case: Case, join: Join, joined: Joined, view: View) -> Iterator[Finding]:
    try:
        persons, primary = joined.persons(view), joined.primary(view)
    except Held as unread:
        yield case.tenant_warning(str(unread), "join")
        return
    for at, crowded in enumerate(persons.crowded):
        if crowded:
            sentence = (
                f"{crowded:,} values of {join.keys[at]} are shared by more than {join.most}"
                " accounts each: they are taken for placeholders and join nobody."
            )
            yield case.tenant_warning(sentence, "join", "keys", at)
    if torn := int(persons.torn.sum()):
        sentence = (
            f"{torn:,} accounts share a value with accounts of more than one human, so they join"
            f" nobody; {view.people.id(int(persons.torn.argmax()))} is one."
        )
        yield case.tenant_warning(sentence, "join", "keys")
    if several := int(primary.sum()) - persons.count():
        sentence = (
            f"{several:,} accounts come first beside another of the same human, by the rules of"
            " primary: a bundle for primary accounts gives a seat to each."
        )
        yield case.tenant_warning(sentence, "join", "primary")

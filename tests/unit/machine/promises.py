"""What holds at any time, looked at after every step."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from hypothesis.stateful import invariant

from domain.bundle import Bundle
from domain.chain import LineState
from domain.change import Action
from domain.decision.undoing import Undone
from domain.inventory.people import Person
from tests.unit.machine.base import SEATS
from tests.unit.machine.operators import Operators
from tests.unit.machine.policies import names

_KEEPING = ("keep", "adopt")


@dataclass
class Window:
    """Whom a bundle's policy named, and whom not, since the last inventory began.

    Any policy of that time may meet a person as she was at any moment of it: a compile may see
    yesterday's person under today's policy.
    """

    policies: dict[str, Bundle] = field(default_factory=dict)
    """By their rule."""
    named: set[str] = field(default_factory=set)
    unnamed: set[str] = field(default_factory=set)
    undone: set[tuple[str, Action]] = field(default_factory=set)
    """Person and what a run did that is turned round, now or before the last step."""


class Promises(Operators):
    """Everything that is decided must follow from what was true lately."""

    def __init__(self) -> None:
        super().__init__()
        self._windows: dict[str, Window] = {}
        self._seen: dict[str, list[Person]] = {}
        """Everybody as she was at some time since the last inventory began."""
        self._heard: set[str] = set()
        """Notices that were taken in."""
        self._since_told: dict[str, dict[str, set[bool]]] = {}
        """Person -> bundle -> whether its policy has named her since she was told of last."""
        self._snapshot: object = None
        self.settling = False
        """Nobody moves any more, and many inventories come between two looks."""
        self._undone: dict[str, Mapping[str, Undone]] = {}
        self._held: set[tuple[str, str]] = set()
        """(bundle, person): protected people who are in."""

    @invariant()
    def every_promise_is_kept(self) -> None:
        if self.offers:
            self.steps += 1
            self.run_now(self._look())

    async def _look(self) -> None:
        stored = {id: each.bundle for id, each in (await self.stored()).items()}
        latest = await self.office.warehouse.latest()
        anew = latest is not self._snapshot and not self.settling
        self._snapshot = latest
        if anew:
            self._seen.clear()
        for person in self.office.tenant.people.values():
            if person not in (seen := self._seen.setdefault(person.id, [])):
                seen.append(person)
        for id, bundle in stored.items():
            self._take_in(id, bundle, anew=anew)
        for id in stored:
            await self._undoings_end_rightly(id)
        self._hear_of_people(stored)
        self.story.listen()
        self._decisions_follow(stored)
        if latest is not None and anew:
            self.disturbed = False
        await self._protected_people_keep_what_they_hold()
        self._strangers_stay()
        self._the_history_knows_whom_we_put_there()

    def _take_in(self, id: str, bundle: Bundle, *, anew: bool) -> None:
        window = self._windows.setdefault(id, Window())
        if anew:
            window.policies.clear()
        window.policies[str(bundle.policy.rule)] = bundle
        answers = {
            who: {names(policy, one) for policy in window.policies.values() for one in seen}
            for who, seen in self._seen.items()
        }
        window.named = {who for who, told in answers.items() if True in told}
        window.unnamed = {who for who, told in answers.items() if False in told}

    async def _undoings_end_rightly(self, id: str) -> None:
        before, undone = self._undone.get(id, {}), await self.office.ledger.undone(id)
        for person in before.keys() - undone.keys():
            self._ended_rightly(id, person, before[person])
        self._undone[id] = undone
        both = (*before.values(), *undone.values())
        self._windows[id].undone = {(one.person, one.action) for one in both}

    def _hear_of_people(self, stored: Mapping[str, Bundle]) -> None:
        people = self.office.tenant.people
        for notice in self.office.notices.all.values():
            if notice.id not in self._heard:
                self._heard.add(notice.id)
                told = {mention.id for mention in notice.mentions} & people.keys()
                self._since_told |= {who: {} for who in told}
        for who, answers in self._since_told.items():
            for id, bundle in stored.items():
                answers.setdefault(id, set()).add(names(bundle, people[who]))

    def _ended_rightly(self, id: str, person: str, each: Undone) -> None:
        """An undoing ends when policy comes to the same, or when somebody says so.

        Whoever is given back something may also be left to policy when that says something new.
        """
        if each.basis:
            return
        window = self._windows[id]
        if each.action is Action.REVOKE:
            agrees = person in window.named
        else:
            agrees = person in window.unnamed or self._superseded(id, person)
        assert agrees or each.run in self.ending, f"{id}: {each} came to an end"

    def _superseded(self, id: str, person: str) -> bool:
        """Tell whether the better bundle may have taken the place of one."""
        best = self._windows["best"]
        return id == "plain" and (person in best.named or (person, Action.REVOKE) in best.undone)

    def _decisions_follow(self, stored: Mapping[str, Bundle]) -> None:
        granted: set[str] = set()
        for id, line in self.story.news():
            if line.state not in (LineState.DECIDED, LineState.ASKED):
                continue
            window, who = self._windows[id], line.person
            if line.action is Action.GRANT:
                undone = (who, Action.REVOKE) in window.undone
                assert who in window.named or undone, f"{id} granted, never named {line}"
                granted |= {who} if id in ("one", "two") else set()
            else:
                self._revoked_rightly(id, stored[id], who)
        if granted and not self.disturbed:
            self._seats_suffice(granted)

    def _revoked_rightly(self, id: str, bundle: Bundle, who: str) -> None:
        window = self._windows[id]
        undone = (who, Action.GRANT) in window.undone
        superseded = self._superseded(id, who)
        assert who in window.unnamed or undone or superseded, f"{id}: {who} revoked, always named"
        since = self._since_told.get(who, {}).get(id, {False})
        assert False in since or undone or superseded, f"{id}: {who} revoked, by what was known"
        ours = (id, who) in self.story.granted
        if bundle.unmanaged == "keep":
            assert ours, f"{id}: {who} was put there by somebody else"

    def _seats_suffice(self, granted: set[str]) -> None:
        """With what is on its way no more people hold the product than there are seats."""
        new = {who for who in granted if not self._holds_scarce(who)}
        if not new:
            return
        product = self.office.tenant.products()[self.scarce]
        pages = self.office.ledger._pages.values()
        coming = {
            change.person
            for page in pages
            for change in page.open()
            if page.bundle in ("one", "two") and change.action is Action.GRANT
        }
        coming = {who for who in coming if not self._holds_scarce(who)}
        assert product.consumed + len(coming) <= product.seats, (
            f"{product.consumed} seats are taken and {len(coming)} promised of {product.seats}"
        )

    def _holds_scarce(self, who: str) -> bool:
        states = self.office.tenant.states(who)
        return any(each.sku == self.scarce and each.active for each in states)

    @invariant()
    def seats_are_never_oversold(self) -> None:
        if self.offers and not self.ever_disturbed:
            assert len(self.members("one") | self.members("two")) <= SEATS

    async def _protected_people_keep_what_they_hold(self) -> None:
        controls = await self.office.switches.read()
        inside = {
            (id, who) for id in self.offers for who in self.members(id) & controls.protected.keys()
        }
        lost = {
            (id, who)
            for id, who in self._held - inside - self.left_by_hand
            if who in controls.protected
        }
        assert not lost, f"protected, and lost {lost}"
        self._held = inside
        self.left_by_hand.clear()

    def _strangers_stay(self) -> None:
        for id in self.offers:
            assert (self.stranger in self.members(id)) == (id == "keep")
            assert (id, self.stranger) not in self.story.decided

    def _the_history_knows_whom_we_put_there(self) -> None:
        for id, who in self.witness.written - self.story.told:
            assert who not in self.members(id), f"{id}: {who} is in, and no line says why"

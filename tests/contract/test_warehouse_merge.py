"""Whatever pages come, the columns say the same as plain sets do, and so do their files."""

from collections.abc import Mapping
from datetime import UTC, datetime

import numpy as np
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from adapters.warehouse.blobs import Blob
from adapters.warehouse.census import Census
from adapters.warehouse.columns import Columns
from adapters.warehouse.draft import BlobDraft
from adapters.warehouse.manifest import Manifest
from adapters.warehouse.parts import Part, PeopleLog
from adapters.warehouse.progress import Progress, Saved
from adapters.warehouse.search import ids_of
from adapters.warehouse.stored import Facts, Stored, read_facts
from domain.inventory.group import Group
from domain.inventory.people import People, Person, ServicePlan
from domain.inventory.portion import portion
from domain.inventory.product import Product
from domain.inventory.snapshot import Snapshot
from domain.ports import GroupChange, GroupsPage, PeoplePage, Reading, Tokens
from domain.ports.directory import ManagerChange
from tests.fakes.warehouse import FakeWarehouse

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)

people_ids = st.sampled_from("abcdef")
group_ids = st.sampled_from("ghi")


def few[T](ids: st.SearchStrategy[T]) -> st.SearchStrategy[tuple[T, ...]]:
    return st.lists(ids, max_size=3, unique=True).map(tuple)


attributes = st.fixed_dictionaries(
    {
        "department": st.sampled_from([None, "", "IT"]),
        "accountEnabled": st.sampled_from([None, True]),
        "otherMails": few(st.sampled_from(["", "a@b.example", "c@d.example"])),
        "assignedPlans": few(
            st.sampled_from([ServicePlan("p", "", "Enabled"), ServicePlan("q", "x", "")])
        ),
    }
)
links = st.builds(ManagerChange, people_ids, st.sampled_from(["x", "y", "a"]), ended=st.booleans())
persons = st.builds(Person, people_ids, attributes, few(st.sampled_from(["e3", "e5"])))
changes = st.builds(
    GroupChange,
    st.builds(Group, group_ids, st.sampled_from(["A", "B"])),
    few(people_ids),
    few(people_ids),
    few(group_ids),
    few(group_ids),
)
pages = st.lists(
    st.builds(
        PeoplePage.of,
        st.lists(persons, max_size=3).map(tuple),
        few(people_ids),
        managers=st.lists(links, max_size=4).map(tuple),
    )
    | st.builds(GroupsPage, st.lists(changes, max_size=3).map(tuple), few(group_ids)),
    max_size=4,
)


class InMemory:
    """As much of a container as progress needs."""

    def __init__(self) -> None:
        self._blobs: dict[str, bytes] = {}

    async def read(self, name: str) -> Blob | None:
        return Blob(self._blobs[name], "") if name in self._blobs else None

    async def write(self, name: str, body: bytes) -> None:
        self._blobs[name] = body

    async def delete(self, name: str) -> None:
        self._blobs.pop(name, None)


class OnFile:
    """Drafts whose files are read back every time; in place of `Since`."""

    def __init__(self, also: frozenset[str]) -> None:
        self.also = also
        self.snapshot: Snapshot | None = None
        self._facts = Facts(Census.empty(sorted(also)))
        self._progress = Progress(InMemory())  # type: ignore[arg-type]

    def draft(self) -> BlobDraft:
        return self._of(Saved("", False, (), Reading(NOON, Tokens())))

    async def another(self, draft: BlobDraft) -> BlobDraft:
        """Pause a draft and go on with it in another process."""
        await draft.pause(Reading(NOON, Tokens()))
        saved = await self._progress.saved()
        assert saved
        parts, rest = await self._progress.parts(saved), await self._progress.rest(saved)
        assert parts is not None
        assert rest is not None
        resumed = self._of(saved)
        resumed.resume(parts, *rest)
        return resumed

    async def facts(self) -> Facts:
        return self._facts

    async def products(self) -> Mapping[str, Product] | None:
        return self._facts.products if self.snapshot else None

    async def renew(self, taken_at: datetime, tokens: Tokens) -> Manifest:
        return Manifest("id", taken_at.isoformat(), {}, self._facts.counts(), tokens)

    async def write(
        self, taken_at: datetime, facts: Facts, tokens: Tokens, written: Mapping[int, str]
    ) -> Manifest:
        self._facts = read_facts(facts.files)
        manifest = await self.renew(taken_at, tokens)
        self.snapshot = Stored.of(manifest, "1", self._facts).snapshot
        return manifest

    def _of(self, saved: Saved) -> BlobDraft:
        return BlobDraft(self, self._progress, saved)  # type: ignore[arg-type]


def plainly(snapshot: Snapshot | None) -> object:
    assert snapshot
    people, memberships = snapshot.people, snapshot.memberships
    return (
        [(people.id(row), people.person(row).attributes) for row in range(len(people))],
        {sku: rows.tolist() for sku, rows in people.holding.items() if len(rows)},
        dict(snapshot.groups),
        {group: rows.tolist() for group, rows in memberships.people.items()},
        dict(memberships.nested),
    )


def people_of(people: People) -> dict[str, object]:
    rows = range(len(people))
    return {people.id(row): people.person(row) for row in rows}


def in_portions(people: People, size: int) -> dict[str, object]:
    found: dict[str, object] = {}
    for start in range(0, len(people), size):
        some = people_of(portion(people, start, start + size))
        assert len(some) == min(size, len(people) - start)
        assert list(some) == sorted(some)
        assert not some.keys() & found.keys()
        found |= some
    return found


@given(
    rounds=st.lists(pages, min_size=1, max_size=3),
    also=st.frozensets(st.sampled_from(["manager", "assignedPlans"])),
    stops=st.sets(st.integers(0, 3), max_size=2),
    size=st.integers(1, 3),
)
@settings(deadline=None, max_examples=25, phases=[Phase.explicit, Phase.generate])
async def test_columns_and_plain_sets_agree(
    rounds: list[list[PeoplePage | GroupsPage]], also: frozenset[str], stops: set[int], size: int
) -> None:
    fake, on_file = FakeWarehouse(), OnFile(also)
    for round_ in rounds:
        expected, _ = await fake.begin(also=also)
        draft = on_file.draft()
        for number, page in enumerate(round_):
            if number in stops:
                draft = await on_file.another(draft)
            for each in (expected, draft):
                await each.add_people(page) if isinstance(
                    page, PeoplePage
                ) else await each.add_groups(page)
        await expected.keep(NOON, {}, Tokens())
        await draft.keep(NOON, {}, Tokens())
        assert plainly(on_file.snapshot) == plainly(await fake.latest())
        assert on_file.snapshot
        people = on_file.snapshot.people
        assert in_portions(people, size) == people_of(people)


class Unreadable(Part):
    """A part that nobody must look at."""

    def _read(self, names: object, coded: bool = False) -> object:
        raise AssertionError("somebody looked")


def test_a_portion_looks_at_no_part_that_has_none_of_it() -> None:
    log = PeopleLog()
    log.add(PeoplePage.of([Person(name, {"city": name}) for name in "ac"], ()))
    part = log.part()
    order = np.array([0, 2, 1, 3], np.int32)
    people = People(ids_of("abcd"), Columns((part, Unreadable(part.body)), order), {})

    some = portion(people, 0, 2)

    assert [some.person(row).attributes["city"] for row in range(2)] == ["a", "c"]
    assert [some.id(row) for row in range(2)] == ["a", "c"]

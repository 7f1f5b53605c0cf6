"""Whatever pages come, the columns say the same as plain sets do, and so do their files."""

from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.warehouse.draft import BlobDraft
from adapters.warehouse.manifest import Manifest
from adapters.warehouse.stored import Facts, Stored, read_facts
from domain.group import Group
from domain.people import Person
from domain.ports import GroupChange, GroupsPage, PeoplePage, Tokens
from domain.snapshot import Snapshot
from tests.fakes.warehouse import FakeWarehouse

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)

people_ids = st.sampled_from("abcdef")
group_ids = st.sampled_from("ghi")


def few(ids: st.SearchStrategy[str]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(ids, max_size=3, unique=True).map(tuple)


attributes = st.fixed_dictionaries(
    {
        "department": st.sampled_from([None, "", "IT"]),
        "accountEnabled": st.sampled_from([None, True]),
    }
)
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
    st.builds(PeoplePage, st.lists(persons, max_size=3).map(tuple), few(people_ids))
    | st.builds(GroupsPage, st.lists(changes, max_size=3).map(tuple), few(group_ids)),
    max_size=4,
)


class OnFile:
    """Drafts whose files are read back every time."""

    def __init__(self) -> None:
        self.facts = Facts()
        self.files: dict[str, bytes] = {}

    def draft(self) -> BlobDraft:
        return BlobDraft(self.facts, self.keep)

    async def keep(self, taken_at: datetime, facts: Facts, tokens: Tokens) -> Snapshot:
        self.files |= facts.files(self.facts if self.files else None)
        self.facts = read_facts(self.files)
        manifest = Manifest("id", taken_at.isoformat(), {}, facts.counts(), tokens)
        return Stored.of(manifest, "1", self.facts).snapshot


def plainly(snapshot: Snapshot) -> object:
    people, memberships = snapshot.people, snapshot.memberships
    return (
        [(people.id(row), people.person(row).attributes) for row in range(len(people))],
        {sku: rows.tolist() for sku, rows in people.holding.items() if len(rows)},
        dict(snapshot.groups),
        {group: rows.tolist() for group, rows in memberships.people.items()},
        dict(memberships.nested),
    )


@given(rounds=st.lists(pages, min_size=1, max_size=3))
@settings(deadline=None, max_examples=60)
async def test_columns_and_plain_sets_agree(
    rounds: list[list[PeoplePage | GroupsPage]],
) -> None:
    fake, on_file = FakeWarehouse(), OnFile()
    for round_ in rounds:
        expected, _ = await fake.begin()
        draft = on_file.draft()
        for page in round_:
            for each in (expected, draft):
                each.add_people(page) if isinstance(page, PeoplePage) else each.add_groups(page)
        wanted = plainly(await expected.keep(NOON, {}, Tokens()))
        assert plainly(await draft.keep(NOON, {}, Tokens())) == wanted

"""What must hold after the worst of days, told by the tenant, the wire and the ledger's rows."""

from collections import defaultdict
from dataclasses import dataclass, field

from local.tenant.groups import group_id
from tests.e2e.company import TARGETS, Company, Document
from tests.e2e.history import History
from tests.e2e.recorder import Recorder
from tests.e2e.variants import VARIANTS

_BUNDLES = {group_id(target): bundle for bundle, target in TARGETS.items()}
_BADLY = ("refused", "failed")


@dataclass
class Promises:
    """Keeps whom policy ever named and whom it ever did not, and compares that with what was done.

    A person under a policy counts as soon as both were true at some time, whichever came first: a
    compile may still see yesterday's person under today's policy.
    """

    recorder: Recorder
    named: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    unnamed: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    inside: dict[str, set[str]] = field(default_factory=dict)
    untouched: Document = field(default_factory=dict)

    def begin(self, document: Document) -> None:
        """Remember how everything was."""
        self.inside = _targets(document)
        self.untouched = _others(document)
        self.saw(document)

    def saw(self, document: Document) -> None:
        """Take in how people are now, under every policy there may be."""
        everyone = {user["id"] for user in document["users"]}
        for bundle, variants in VARIANTS.items():
            for variant in variants:
                entitled = variant.entitled(document)
                self.named[bundle] |= entitled
                self.unnamed[bundle] |= everyone - entitled

    def nothing_unasked(self) -> None:
        """Assert that no request ever left that policy cannot have meant."""
        assert self.recorder.foreign == []
        anyone = set().union(*self.named.values())
        assert self.recorder.looked_at <= anyone, "Entra was asked about people of no bundle"
        for one in self.recorder.written:
            bundle = _BUNDLES.get(one.group)
            assert bundle is not None, f"{one} is about a group of no bundle"
            if one.action == "grant":
                assert one.person in self.named[bundle], f"{one}: {bundle} never named her"
            else:
                assert one.person in self.unnamed[bundle], f"{one}: {bundle} always named her"

    async def all_kept(self, company: Company) -> None:
        """Assert that everything is as policy says, and that the ledger knows how each got there.

        Whoever is not as policy says must stand in the ledger as refused or failed, with a reason.
        """
        self.nothing_unasked()
        document = await company.document()
        everyone = {user["id"] for user in document["users"]}
        assert _others(document) == _without(self.untouched, everyone)
        ledger = await company.ledger()
        rows = {
            (row["PartitionKey"], row["RowKey"].removeprefix("p:")): row
            for row in ledger
            if row["RowKey"].startswith("p:")
        }
        for bundle, people in (await company.wrong()).items():
            for person in people:
                row = rows.get((bundle, person), {})
                assert row.get("state") in _BADLY, (bundle, person, row)
                assert row["detail"], (bundle, person, row)
        assert await company.open_in_ledger() == []
        self._ledger_tells_the_truth(rows, _targets(document), everyone)
        for bundle, now in _targets(document).items():
            self._history_is_whole(History(bundle, ledger), rows, now, everyone)

    def _ledger_tells_the_truth(
        self, rows: dict[tuple[str, str], Document], now: dict[str, set[str]], everyone: set[str]
    ) -> None:
        for one in set(self.recorder.written):
            bundle = _BUNDLES[one.group]
            row = rows.get((bundle, one.person))
            assert row, f"{one} was written and the ledger knows nothing of it"
            if row["state"] == "confirmed" and one.person in everyone:
                told = row["action"] == "grant"
                assert (one.person in now[bundle]) == told, f"the ledger is wrong: {row}"
        for bundle, before in self.inside.items():
            moved = (before ^ now[bundle]) & everyone
            unexplained = {person for person in moved if (bundle, person) not in rows}
            assert not unexplained, f"{bundle}: {unexplained} moved and no row says why"

    def _history_is_whole(
        self,
        history: History,
        rows: dict[tuple[str, str], Document],
        now: set[str],
        everyone: set[str],
    ) -> None:
        bundle = history.bundle
        written = {
            (one.person, one.action)
            for one in self.recorder.written
            if _BUNDLES[one.group] == bundle
        }
        assert not written - history.decided(), f"{bundle}: written and never decided"
        assert history.open() == {}, f"{bundle}: decisions without an end"
        for person, put_in in history.put_there().items():
            if person in everyone and rows[(bundle, person)]["state"] == "confirmed":
                assert (person in now) == put_in, f"{bundle}: the history is wrong about {person}"


def _targets(document: Document) -> dict[str, set[str]]:
    return {
        _BUNDLES[group["id"]]: set(group["members"])
        for group in document["groups"]
        if group["id"] in _BUNDLES
    }


def _others(document: Document) -> Document:
    """Return what nobody but a person may change: other groups, and direct licenses."""
    groups = {g["id"]: set(g["members"]) for g in document["groups"] if g["id"] not in _BUNDLES}
    direct = {
        user["id"]: sorted(
            state["skuId"]
            for state in user.get("licenseAssignmentStates") or []
            if state["assignedByGroup"] is None
        )
        for user in document["users"]
    }
    return {"groups": groups, "direct": direct}


def _without(before: Document, everyone: set[str]) -> Document:
    """Return the same without the people who were deleted since; they take nobody with them."""
    gone = before["direct"].keys() - everyone
    groups = {group: members - gone for group, members in before["groups"].items()}
    direct = {person: held for person, held in before["direct"].items() if person not in gone}
    return {"groups": groups, "direct": direct}

"""History: what changed from one version to the next."""

from dataclasses import replace
from datetime import timedelta

from domain.bundle import Bundle
from domain.history import with_changes
from domain.records import StoredBundle
from tests.unit.worlds import NOW, bundle


def versions(*bundles: Bundle) -> list[StoredBundle]:
    """Store these one after the other; the newest comes first."""
    stored = [
        StoredBundle(each, number, NOW + timedelta(hours=number), "ada")
        for number, each in enumerate(bundles, 1)
    ]
    return stored[::-1]


def test_a_version_says_what_it_changed_in_the_one_before() -> None:
    before = bundle("LIC-E3", name="e3", requires=["a", "b"])
    after = bundle("LIC-E3", name="e3", owner="ada", requires=["b", "c"], grace="14d")
    newest, first = with_changes(versions(before, after))
    assert set(newest.changed) == {
        "owner: nothing became ada",
        "grace: 0h became 14d",
        "requires: without a",
        "requires: with c",
    }
    assert first.changed == ()


def test_another_order_is_a_change_too() -> None:
    rules = ["user.city -eq null", "user.state -eq null"]
    pair = versions(bundle("LIC-E3", priority=rules), bundle("LIC-E3", priority=rules[::-1]))
    assert with_changes(pair)[0].changed == ("priority: in another order",)


def test_the_versions_themselves_stay_as_they_are() -> None:
    pair = versions(bundle("LIC-E3"), bundle("LIC-E3", owner="ada"))
    assert [replace(told, changed=()) for told in with_changes(pair)] == pair

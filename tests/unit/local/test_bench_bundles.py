"""Bundles for benchmarks: as many as asked for, valid, and a known amount of work."""

import json

import pytest

from domain.bundle import Bundle
from domain.bundle_text import read_bundles, read_files
from local.tenant import bench_bundles
from tests.unit.local.worlds import generated, plans, sample_files


def read(count: int) -> list[Bundle]:
    return read_bundles(json.dumps(bench_bundles(count)), "bench")


def test_bench_bundles_use_groups_and_ids_that_no_sample_uses() -> None:
    samples = {file.name: file.read_text() for file in sample_files()}

    together = read_files({**samples, "bench.json": json.dumps(bench_bundles(24))})

    assert len(together.bundles) == 24 + len(samples) - 1


def test_the_first_bundles_are_the_same_however_many_are_asked_for() -> None:
    assert bench_bundles(5) == bench_bundles(20)[:5]


def test_more_bundles_than_there_are_groups_are_refused() -> None:
    with pytest.raises(ValueError, match="24"):
        bench_bundles(25)


def test_twenty_bundles_for_ten_thousand_people_make_six_thousand_changes() -> None:
    decided = plans(read(20), generated(10_000, 1)).values()
    changes = sum(len(plan.changes) for plan in decided)

    assert 5700 < changes < 6300
    assert changes / 25 < sum(plan.revokes for plan in decided) < changes / 10
    assert not any(plan.held or plan.waiting or plan.kept for plan in decided)

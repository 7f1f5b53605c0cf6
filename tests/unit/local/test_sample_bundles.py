"""The sample bundles: readable, about what the generated tenant has, and ending as they say."""

import re
from random import Random
from typing import Any

import numpy as np
import pytest
import yaml

from domain.lint import lint
from local.tenant.cast import CAST
from local.tenant.license_groups import fill
from local.tenant.population import Population
from local.tenant.products import PRODUCTS
from local.tenant.samples import SAMPLE_LICENSE_GROUPS
from tests.unit.local.worlds import (
    NOW,
    entitled,
    fulfilled,
    generated,
    plans,
    sample,
    sample_bundles,
    sample_files,
    sample_tenant,
    snapshot_of,
    tenant_of,
)

SIZES = [(100, 3), (500, 1), (500, 2), (2000, 1), (10_000, 1)]
OPERATORS = {"eq", "ne", "in", "notIn", "startsWith", "contains", "and", "or", "not"}
COPILOT = "copilot-pilot"
PREMIUM = "teams-premium"
ADA = "a34d69f0-c6a1-5350-afef-bb05351a5bde"


def test_every_sample_file_holds_one_bundle_of_the_same_name() -> None:
    files = [file.stem for file in sample_files()]

    assert 8 <= len(files) <= 12
    assert set(files) - {bundle.id for bundle in sample_bundles()} == {"tenant"}
    assert len(sample_bundles()) == len(files) - 1


@pytest.mark.parametrize(("people", "seed"), [(2000, 1), (10_000, 1)])
def test_lint_has_nothing_to_say_of_the_samples(people: int, seed: int) -> None:
    assert lint(sample(), [], sample_tenant(), generated(people, seed), NOW) == []


def test_every_id_in_a_sample_exists_and_its_comment_names_it() -> None:
    tenant = tenant_of(100, 3)
    names = {group["id"]: group["displayName"] for group in tenant["groups"]}
    names |= {role.id: f"{role.given} {role.surname}" for role in CAST}
    for product in PRODUCTS.values():
        names |= {plan: name for name, plan in product.plans.items()}
        names[product.sku] = product.part_number

    for file in sample_files():
        found = re.findall(r"\b([0-9a-f-]{36})  # ([^,\n]+)", file.read_text())
        assert found
        assert len(found) == len(re.findall(r"\b[0-9a-f]{8}-[0-9a-f-]{27}\b", file.read_text()))
        for identifier, name in found:
            assert names[identifier] == name


def test_rules_use_only_the_operators_every_version_knows() -> None:
    for file in sample_files():
        document = yaml.safe_load(file.read_text())
        policy = document.get("policy", {})
        rules = [part["rule"] for part in (policy, policy.get("excluded", {})) if "rule" in part]
        rules += document.get("priority", [])

        for rule in rules:
            assert set(re.findall(r"(?<!\S)-(\w+)", re.sub(r'"[^"]*"', "", rule))) <= OPERATORS


def test_the_products_of_a_sample_are_those_of_its_target() -> None:
    groups = {group["id"]: group for group in tenant_of(100, 3)["groups"]}

    for bundle in sample_bundles():
        carried = groups[bundle.target.group]["assignedLicenses"]
        assert {(product.sku, product.disabled_plans) for product in bundle.products} == {
            (license["skuId"], tuple(license["disabledPlans"])) for license in carried
        }


@pytest.mark.parametrize(("people", "seed"), SIZES)
def test_the_generator_and_the_policies_agree_on_who_is_entitled(people: int, seed: int) -> None:
    tenant, snapshot = tenant_of(people, seed), generated(people, seed)
    population = Population(tenant["users"], tenant["groups"])
    bundles = {bundle.target.group: bundle.id for bundle in sample_bundles()}
    masks = entitled(sample_bundles(), snapshot)

    for definition in SAMPLE_LICENSE_GROUPS:
        mask = masks[bundles[definition.id]]
        people_there = {snapshot.people.id(row) for row in range(len(mask)) if mask[row]}
        wanted = set(fill(definition, population, Random(0)).entitled)
        assert people_there == wanted, definition.name


@pytest.mark.parametrize(("people", "seed"), SIZES)
def test_a_first_run_is_held_nowhere_and_only_copilot_is_short_of_seats(
    people: int, seed: int
) -> None:
    snapshot = generated(people, seed)

    decided = plans(sample_bundles(), snapshot)

    assert {plan.bundle: plan.held for plan in decided.values() if plan.held} == {}
    short = {
        plan.bundle
        for plan in decided.values()
        if any("seat" in wait.reason for wait in plan.waiting)
    }
    assert short == {COPILOT}
    assert len(decided[COPILOT].waiting) < decided[COPILOT].entitled / 4 + 4
    assert all(plan.grants for plan in decided.values())
    assert sum(plan.revokes for plan in decided.values()) > 0


@pytest.mark.parametrize(("people", "seed"), SIZES[:-1])
def test_a_few_runs_later_everyone_entitled_has_what_policy_says_or_waits_for_copilot(
    people: int, seed: int
) -> None:
    tenant, snapshot = tenant_of(people, seed), generated(people, seed)
    for _ in range(5):
        decided = plans(sample_bundles(), snapshot)
        assert {plan.bundle: plan.held for plan in decided.values() if plan.held} == {}
        if not any(plan.changes for plan in decided.values()):
            break
        tenant = fulfilled(tenant, decided.values())
        snapshot = snapshot_of(tenant)

    assert {plan.bundle for plan in decided.values() if plan.changes or plan.waiting} <= {COPILOT}
    assert not decided[COPILOT].changes
    masks = entitled(sample_bundles(), snapshot)
    for bundle in sample_bundles():
        wanted = masks[bundle.id]
        there = snapshot.people.mask(snapshot.memberships.direct(bundle.target.group))
        without = int((wanted & ~there).sum())
        assert without == (len(decided[COPILOT].waiting) if bundle.id == COPILOT else 0)
        assert bundle.unmanaged != "remove" or not (there & ~wanted).any()


def test_whoever_has_no_teams_yet_gets_it_before_teams_premium() -> None:
    decided = plans(sample_bundles(), generated(2000, 1))

    assert {wait.reason for wait in decided[PREMIUM].waiting} == {
        "Waits until Microsoft 365 E3 for office staff or Microsoft 365 E5 for sensitive work is"
        " active, which it needs."
    }


def test_vice_presidents_and_directors_get_the_contested_seats_first() -> None:
    snapshot = generated(2000, 1)
    titles = snapshot.people.column("jobTitle")

    waiting = [wait.person for wait in plans(sample_bundles(), snapshot)[COPILOT].waiting]

    assert waiting
    for row in snapshot.people.rows(waiting):
        assert not str(titles[int(row)]).startswith(("Vice President", "Director"))


def test_members_who_left_or_moved_are_revoked_or_kept_as_each_sample_says() -> None:
    decided = plans(sample_bundles(), generated(2000, 1))

    kept = {plan.bundle for plan in decided.values() if plan.kept}
    assert kept == {"power-bi-pro", "project-plan-3"}
    revoking = {plan.bundle for plan in decided.values() if plan.revokes}
    assert revoking == decided.keys() - kept - {"entra-p2-administrators"}


def test_no_one_is_entitled_to_two_of_the_suites() -> None:
    snapshot = generated(2000, 1)
    suites = {"m365-e3", "m365-e5", "m365-f3-field", "customer-service"}

    masks = entitled(sample_bundles(), snapshot)

    assert suites <= masks.keys()
    assert np.sum([masks[suite] for suite in suites], axis=0).max() == 1


@pytest.mark.parametrize(("people", "seed"), SIZES[:3])
@pytest.mark.parametrize(
    ("department", "lost", "gained"),
    [
        ("Finance", {"teams-premium"}, {"power-bi-pro"}),
        ("Legal", {"teams-premium", "m365-e3"}, {"m365-e5"}),
    ],
)
def test_moving_ada_changes_her_bundles(
    people: int, seed: int, department: str, lost: set[str], gained: set[str]
) -> None:
    tenant = tenant_of(people, seed)
    moved = [
        user | {"department": department} if user["id"] == ADA else user for user in tenant["users"]
    ]

    before = bundles_of(ADA, tenant)
    now = bundles_of(ADA, tenant | {"users": moved})

    assert before == {"m365-e3", "teams-premium"}
    assert (before - now, now - before) == (lost, gained)


def bundles_of(person: str, tenant: dict[str, Any]) -> set[str]:
    snapshot = snapshot_of(tenant)
    row = int(snapshot.people.rows([person])[0])
    return {id for id, mask in entitled(sample_bundles(), snapshot).items() if mask[row]}

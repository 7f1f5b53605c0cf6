"""What people ask and decide over HTTP, with the jobs behind it over fakes."""

import pytest

from domain.bundle import Bundle
from domain.caller import Role
from domain.ledger import State
from domain.outcome import Refused
from tests.triggers.principal import signed_in
from tests.triggers.surface import BY_NAME, Surface
from tests.unit.office import Office
from tests.unit.worlds import guid

pytestmark = pytest.mark.asyncio(loop_scope="session")

ADA = signed_in(*(role.value for role in Role))
PLAN = guid("mail")
GUEST = "ada_fabrikam.com#EXT#@contoso.com"


async def held(office: Office) -> str:
    """Stop everyone's revokes, let one person leave, and return the id of the plan that is held."""
    await office.offer("e3", limits={"revokes": {"count": 0}})
    ada = await office.hire("Ada", "Sales")
    await office.settle()
    office.tenant.move(ada, department="Legal")
    office.clock.advance(60)
    await office.run()
    (plan,) = [plan for plan in await office.plans.recent(10) if plan.state == "held"]
    return plan.id


def text(bundle: Bundle) -> str:
    return bundle.model_dump_json(exclude_defaults=True)


# Bundles and the tenant's policy.


async def test_a_bundle_is_put_got_and_its_history_kept(surface: Surface, office: Office) -> None:
    bundle = await office.offer("e3")
    changed = text(bundle.model_copy(update={"name": "Renamed"}))
    put = await surface.ask("put_bundle", "e3", body=changed, headers=ADA)
    assert (put.status, put.json()["version"]) == (200, 2)
    got = (await surface.ask("get_bundle", "e3")).json()
    assert (got["bundle"]["name"], got["by"]) == ("Renamed", "ada@contoso.com")
    history = await surface.ask("get_bundle_history", "e3")
    assert [version["version"] for version in history.json()] == [2, 1]
    assert len((await surface.ask("list_bundles")).json()) == 1


async def test_a_bundle_from_nobody_is_stored_by_unknown(surface: Surface, office: Office) -> None:
    changed = text((await office.offer("e3")).model_copy(update={"name": "Renamed"}))
    assert (await surface.ask("put_bundle", "e3", body=changed)).json()["by"] == "unknown"


async def test_a_bad_bundle_is_answered_with_file_line_and_what_is_allowed(
    surface: Surface, office: Office
) -> None:
    put = await surface.ask("put_bundle", "e3", body="id: e3\nx: 1")
    assert put.status == 400
    assert any(line.startswith("e3.yaml:2: There is no field x") for line in put.json()["errors"])


async def test_a_push_stores_all_of_its_files_under_the_name_of_who_pushed(
    surface: Surface, office: Office
) -> None:
    e3, e5 = await office.offer("e3"), await office.offer("e5")
    files = {
        "e3.yaml": text(e3.model_copy(update={"name": "Renamed"})),
        "e5.yaml": text(e5),
        "tenant.yaml": "tenant:\n  mode: dry-run\n",
    }
    pushed = await surface.ask("push_policy", body={"files": files}, headers=ADA)
    assert pushed.status == 200, pushed.text
    assert {one["id"]: one["changed"] for one in pushed.json()["stored"]} == {
        "e3": True,
        "e5": False,
    }
    assert (await surface.ask("get_bundle", "e3")).json()["by"] == "ada@contoso.com"
    assert (await surface.ask("get_tenant")).json()["tenant"]["mode"] == "dry-run"
    assert len((await surface.ask("get_tenant_history")).json()) == 1


async def test_one_bad_file_of_a_push_changes_nothing(surface: Surface, office: Office) -> None:
    e3 = await office.offer("e3")
    files = {"a.yaml": text(e3.model_copy(update={"name": "Renamed"})), "b.yaml": "id: [\n"}
    pushed = await surface.ask("push_policy", body={"files": files}, headers=ADA)
    assert pushed.status == 400
    assert pushed.json()["errors"][0].startswith("b.yaml:1: ")
    assert (await surface.ask("get_bundle", "e3")).json()["version"] == 1


async def test_lint_and_what_if_answer_and_store_nothing(surface: Surface, office: Office) -> None:
    e3 = await office.offer("e3")
    await office.hire("Ada", "Legal")
    await office.run()
    files = {"e3.yaml": text(e3).replace("Sales", "Legal"), "bad.yaml": "id: [\n"}
    linted = (await surface.ask("lint", body={"files": files})).json()
    assert [finding["at"] for finding in linted["findings"]] == ["bad.yaml:1"]
    del files["bad.yaml"]
    effect = (await surface.ask("whatif", body={"files": files})).json()
    assert [(one["bundle"], one["gains"]) for one in effect["bundles"]] == [("e3", 1)]
    assert (await surface.ask("get_bundle", "e3")).json()["version"] == 1


async def test_what_if_before_the_first_inventory_is_409(surface: Surface, office: Office) -> None:
    files = {"e3.yaml": text(await office.offer("e3"))}
    assert (await surface.ask("whatif", body={"files": files})).status == 409


# Plans.


async def test_a_plan_is_listed_and_shown_with_its_changes(
    surface: Surface, office: Office
) -> None:
    await office.offer("e3")
    ada = await office.hire("Ada", "Sales")
    await office.run()
    (listed,) = (await surface.ask("list_plans")).json()
    assert (listed["state"], listed["grants"], listed["changes"]) == ("sent", 1, [])
    shown = (await surface.ask("get_plan", listed["id"])).json()
    assert [(one["action"], one["person"]) for one in shown["changes"]] == [("grant", ada)]


async def test_plans_are_listed_by_bundle_and_by_state(surface: Surface, office: Office) -> None:
    plan = await held(office)
    for query, ids in (
        ({"state": "held"}, [plan]),
        ({"state": "refused"}, []),
        ({"bundle": "e3", "state": "held"}, [plan]),
        ({"bundle": "other"}, []),
    ):
        listed = (await surface.ask("list_plans", query=query)).json()
        assert [one["id"] for one in listed] == ids


async def test_a_held_plan_is_released_by_someone_with_a_name(
    surface: Surface, office: Office
) -> None:
    plan = await held(office)
    released = await surface.ask("release_plan", plan, headers=ADA)
    assert released.status == 202
    assert (released.json()["state"], released.json()["decided_by"]) == (
        "released",
        "ada@contoso.com",
    )
    await office.follow_hints()
    await office.deliver_all()
    assert not office.members((await office.bundles.all())[0].bundle)


async def test_who_releases_may_say_so_in_the_body(surface: Surface, office: Office) -> None:
    released = await surface.ask("release_plan", await held(office), body={"by": "Ada"})
    assert released.json()["decided_by"] == "Ada (unverified)"


async def test_a_held_plan_is_refused_with_a_reason(surface: Surface, office: Office) -> None:
    plan = await held(office)
    refused = await surface.ask("refuse_plan", plan, body={"reason": "Ada stays."}, headers=ADA)
    assert refused.status == 200
    shown = (await surface.ask("get_plan", plan)).json()
    assert (shown["state"], shown["decided_because"]) == ("refused", "Ada stays.")


async def test_what_is_not_held_cannot_be_released(surface: Surface, office: Office) -> None:
    await office.offer("e3")
    await office.hire("Ada", "Sales")
    await office.run()
    (sent,) = (await surface.ask("list_plans")).json()
    released = await surface.ask("release_plan", sent["id"], headers=ADA)
    assert released.status == 409


# Controls.


async def test_everything_is_paused_and_resumed(surface: Surface, office: Office) -> None:
    paused = await surface.ask("pause", body={"reason": "Month's end."}, headers=ADA)
    assert (paused.json()["pause"]["by"], paused.json()["pause"]["reason"]) == (
        "ada@contoso.com",
        "Month's end.",
    )
    assert (await surface.ask("get_status")).json()["paused"]["reason"] == "Month's end."
    office.clock.advance(60)
    assert (await surface.ask("resume", headers=ADA)).json()["pause"] is None
    history = (await surface.ask("get_control_history")).json()
    assert [event["switch"] for event in history] == ["resume", "pause"]


async def test_a_person_is_protected_by_user_principal_name_and_set_free_by_id(
    surface: Surface, office: Office
) -> None:
    ada = office.tenant.add_person("Ada", userPrincipalName=GUEST)
    body = {"reason": "On parental leave."}
    protected = await surface.ask("protect_person", GUEST, body=body, headers=ADA)
    assert protected.json()["protected"][ada]["by"] == "ada@contoso.com"
    assert list((await surface.ask("get_controls")).json()["protected"]) == [ada]
    freed = await surface.ask(
        "unprotect_person", ada.upper(), body={"reason": "Back."}, headers=ADA
    )
    assert freed.json()["protected"] == {}


# People, status and runs.


async def test_status_and_person_say_how_things_stand(surface: Surface, office: Office) -> None:
    await office.offer("e3")
    ada = await office.hire("Ada", "Sales")
    await office.settle()
    status = (await surface.ask("get_status")).json()
    assert status["snapshot"]["people"] == 1
    assert status["bundles"][0]["granted"] == 1
    person = (await surface.ask("get_person", ada.upper())).json()
    assert person["bundles"][0]["last_decision"]["state"] == "confirmed"


async def test_a_guest_is_found_by_user_principal_name(surface: Surface, office: Office) -> None:
    await office.offer("e3")
    await office.offer("e5")
    ada = office.tenant.add_person("Ada", userPrincipalName=GUEST)
    found = (await surface.ask("get_person", GUEST)).json()
    assert (found["id"], len(found["bundles"])) == (ada, 2)
    one = (await surface.ask("get_person", GUEST, query={"bundle": "e5"})).json()
    assert [standing["bundle"] for standing in one["bundles"]] == ["e5"]


async def test_a_run_is_started_and_followed(surface: Surface, office: Office) -> None:
    started = await surface.ask("start_run")
    assert started.status == 202
    run = started.json()["run"]
    assert (await surface.ask("get_run", run)).json()["state"] == "queued"
    await office.follow_hints()
    assert (await surface.ask("get_run", run)).json()["state"] == "done"


# What is not there, and who did not say who.


@pytest.mark.parametrize(
    ("name", "id"),
    [
        ("get_bundle", "none"),
        ("get_bundle_history", "none"),
        ("get_plan", "none"),
        ("release_plan", "none"),
        ("get_run", "none"),
        ("get_person", "nobody@contoso.com"),
        ("get_tenant", ""),
        ("preview_undo", "none"),
    ],
)
async def test_what_does_not_exist_is_404_in_a_sentence_of_its_own(
    surface: Surface, name: str, id: str
) -> None:
    answer = await surface.ask(name, id, headers=ADA)
    assert (answer.status, answer.json()) == (404, {"errors": [BY_NAME[name].missing]})


@pytest.mark.parametrize(
    ("name", "id", "body"),
    [
        ("push_policy", "", {"files": {"a.yaml": ""}}),
        ("release_plan", "p", {}),
        ("refuse_plan", "p", {"reason": "r"}),
        ("pause", "", {"reason": "r"}),
        ("resume", "", {}),
        ("protect_person", GUEST, {"reason": "r"}),
        ("unprotect_person", GUEST, {}),
        ("undo_run", "r", {"reason": "r"}),
        ("end_undoing", "r", {}),
        ("replay", "", {"reason": "r", "all": True}),
        ("replay_message", "m", {"reason": "r"}),
        ("set_licenses", "e3", {"fingerprint": "0" * 32}),
    ],
)
async def test_a_decision_by_nobody_is_refused(
    surface: Surface, name: str, id: str, body: dict[str, object]
) -> None:
    answer = await surface.ask(name, id, body=body)
    assert answer.status == 400
    assert "X-Seatflow-By" in answer.json()["errors"][0]


async def test_those_are_all_of_the_decisions() -> None:
    named = {each.name for each in BY_NAME.values() if each.by == "named"}
    assert named == {
        *("push_policy", "release_plan", "refuse_plan", "pause", "resume"),
        *("protect_person", "unprotect_person", "undo_run", "end_undoing"),
        *("replay", "replay_message", "set_licenses"),
    }


# The history of the ledger.


async def test_the_history_is_verified_told_and_asked_who_held_what(
    surface: Surface, office: Office
) -> None:
    await office.offer("e3")
    ada = await office.hire("Ada", "Sales")
    await office.settle()

    [whole] = (await surface.ask("verify_ledger")).json()
    assert (whole["bundle"], whole["breaks"]) == ("e3", [])
    noted = {"bundle": "e3", "expect": f"{whole['entries']}:{whole['hash']}"}
    assert (await surface.ask("verify_ledger", query=noted)).json() == [whole]

    told = (await surface.ask("get_ledger_history", query={"person": ada, "bundle": "e3"})).json()
    assert [line["state"] for line in told["lines"]] == ["decided", "applied", "confirmed"]

    held = (await surface.ask("get_ledger_holders", query={"person": ada})).json()
    assert [(one["bundle"], one["person"]) for one in held["holdings"]] == [("e3", ada)]
    before = await surface.ask("get_ledger_holders", query={"on": "2001-01-01"})
    assert before.json()["holdings"] == []


@pytest.mark.parametrize(
    ("call", "query"),
    [
        ("get_ledger_holders", {"on": "yesterday"}),
        ("get_ledger_holders", {"on": "2026-13-01"}),
        ("get_ledger_history", {"since": "2026-11-02T99:00"}),
        ("verify_ledger", {"bundle": "e3", "expect": "abc"}),
        ("verify_ledger", {"expect": "a" * 64}),
    ],
)
async def test_what_makes_no_sense_of_the_history_is_said_so(
    surface: Surface, call: str, query: dict[str, str]
) -> None:
    answer = await surface.ask(call, query=query)
    assert answer.status == 400
    [sentence] = answer.json()["errors"]
    assert "Expected" in sentence or "Name the bundle" in sentence


# Mending: a run is undone, what failed is tried again, licenses are set, drift is told.


async def test_a_run_is_looked_at_undone_and_left_to_policy_again(
    surface: Surface, office: Office
) -> None:
    e3 = await office.offer("e3")
    ada = await office.hire("Ada", "Sales")
    await office.settle()
    (grant,) = await office.ledger.rows_in("e3", [State.CONFIRMED])
    shown = (await surface.ask("preview_undo", grant.run)).json()
    assert (shown["undone"], shown["run"], office.queue.hints) == (grant.run, "", [])
    assert [one["person"] for one in shown["bundles"][0]["turned"]] == [ada]
    assert shown["names"][ada].startswith("ada.")

    undone = await surface.ask("undo_run", grant.run, body={"reason": "Wrong."}, headers=ADA)
    assert undone.status == 202
    assert (await surface.ask("get_run", undone.json()["run"])).json()["state"] == "queued"
    assert undone.json()["bundles"][0]["turned"][0]["reason"].endswith("ada@contoso.com: Wrong.")
    await office.settle()
    assert not office.members(e3)

    ended = await surface.ask("end_undoing", grant.run, headers=ADA)
    assert (ended.status, ended.json()["changes"]) == (202, 1)
    await office.settle()
    assert office.members(e3) == {ada}
    again = await surface.ask("end_undoing", grant.run, headers=ADA)
    assert (again.status, again.json()["errors"][0].split(".")[0]) == (
        409,
        f"Nothing of run {grant.run} is undone now",
    )


async def test_what_came_to_nothing_is_listed_and_tried_again(
    surface: Surface, office: Office
) -> None:
    e3 = await office.offer("e3")
    ada = await office.hire("Ada", "Sales")
    office.targets.answer(ada, Refused("The group is full.", "Raise its quota."))
    await office.run()
    await office.deliver_all()
    (failure,) = (await surface.ask("list_failures", query={"bundle": "e3"})).json()["changes"]
    assert (failure["row"]["person"], failure["row"]["tries"]) == (ada, 1)
    assert failure["again_at"] is not None
    for body, sentence in (
        ({"reason": "r"}, "Name a bundle, people"),
        ({"reason": "r", "people": ["eve@contoso.com"]}, "There is nobody eve@contoso.com"),
        ({"reason": "r", "bundle": "f3"}, "There is no bundle f3. Stored are: e3."),
        ({"reason": "r", "people": ["no one"]}, "people.0: Expected an object id (a GUID), "),
        ({"reason": "r", "bundle": "No!"}, "bundle: Expected lower-case letters, "),
    ):
        wrong = await surface.ask("replay", body=body, headers=ADA)
        assert (wrong.status, sentence in wrong.json()["errors"][0]) == (400, True), wrong.text
    body = {"reason": "Quota raised.", "people": [failure["name"]]}
    replayed = await surface.ask("replay", body=body, headers=ADA)
    assert (replayed.status, replayed.json()["changes"]) == (202, 1)
    await office.follow_hints()
    await office.deliver_all()
    assert office.members(e3) == {ada}


async def test_a_message_that_nobody_could_read_is_listed_and_put_back(
    surface: Surface, office: Office
) -> None:
    id = "a message/of another#kind"
    await office.ledger.note_unreadable(id, "An older version could not.", '{"version": 1}')
    (message,) = (await surface.ask("list_failures")).json()["messages"]
    assert message["message"] == id
    body = {"reason": "Updated."}
    answer = await surface.ask("replay_message", id, body=body, headers=ADA)
    assert (answer.status, answer.json()["message"]) == (200, id)
    gone = await surface.ask("replay_message", id, body=body, headers=ADA)
    assert gone.status == 404


async def test_licenses_are_shown_and_set_by_their_fingerprint(
    surface: Surface, office: Office
) -> None:
    sku = office.tenant.add_product("SUITE")
    office.tenant.add_plans(sku, {PLAN: "MAIL"})
    products = [{"sku": sku, "disabled_plans": [PLAN]}]
    suite = await office.offer("suite", sku=sku, products=products)
    await office.hire("Ada", "Sales", suite.target.group)
    await office.run()
    status = (await surface.ask("get_status")).json()["bundles"][0]
    assert status["licenses"] == "The target was not set up by Seatflow, and has 1 members."
    (shown,) = (await surface.ask("list_licenses", query={"bundle": "suite"})).json()
    assert shown["sentences"] == ["SUITE: turns off MAIL"]
    stale = {"fingerprint": "0" * 32}
    assert (await surface.ask("set_licenses", "suite", body=stale, headers=ADA)).status == 409
    garbled = await surface.ask("set_licenses", "suite", body={"fingerprint": "x"}, headers=ADA)
    assert "fingerprint: Expected the 32 hexadecimal digits" in garbled.json()["errors"][0]
    body = {"fingerprint": shown["fingerprint"]}
    done = await surface.ask("set_licenses", "suite", body=body, headers=ADA)
    assert (done.status, done.json()) == (200, shown)
    assert (await surface.ask("list_licenses")).json() == []
    assert (await surface.ask("set_licenses", "other", body=body, headers=ADA)).status == 404
    assert (await surface.ask("list_licenses", query={"bundle": "other"})).status == 400


async def test_drift_is_told_with_those_found_only_where_asked(
    surface: Surface, office: Office
) -> None:
    e3 = await office.offer("e3", unmanaged="keep")
    ada = await office.hire("Ada", "Legal", e3.target.group)
    await office.settle()
    ben = await office.hire("Ben", "Legal", e3.target.group)
    await office.settle()
    told = (await surface.ask("get_drift", query={"bundle": "e3", "found": "false"})).json()
    assert [(line["person"], line["state"]) for line in told["lines"]] == [(ben, "joined")]
    everyone = (await surface.ask("get_drift", query={"found": "true"})).json()
    assert [line["person"] for line in everyone["lines"]] == [ada, ben]
    assert everyone["names"].keys() == {ada, ben}
    assert (await surface.ask("get_drift", query={"since": "2099-01-01"})).json()["lines"] == []
    for query in ({"found": "perhaps"}, {"bundle": "other"}, {"since": "yesterday"}):
        assert (await surface.ask("get_drift", query=query)).status == 400


# What was inventoried.


async def test_a_kind_of_facts_is_a_file(surface: Surface, office: Office) -> None:
    await held(office)
    (newest, *_, oldest) = (await surface.ask("list_snapshots")).json()
    parquet = await surface.ask("export_inventory", "people")
    assert parquet.body.startswith(b"PAR1")
    assert parquet.headers["X-Seatflow-Snapshot"] == newest["id"]
    assert parquet.headers["X-Seatflow-Parts"] == "1"
    query = {"format": "csv", "snapshot": oldest["id"]}
    csv = await surface.ask("export_inventory", "memberships", query=query)
    assert csv.headers["content-type"] == "text/csv; charset=utf-8"
    assert 'filename="memberships.csv"' in csv.headers["Content-Disposition"]
    assert csv.body.decode().startswith("\ufeffgroup,person\r\n")
    assert (await surface.ask("export_inventory", "people", query={"part": "2"})).status == 404
    unknown = await surface.ask("export_inventory", "persons")
    assert (unknown.status, "Known are" in unknown.text) == (400, True)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"format": "xlsx"}, "parquet or csv"),
        ({"part": "0"}, "a number from 1 on"),
        ({"snapshot": "../latest"}, "the id of a snapshot as it is listed"),
    ],
)
async def test_an_export_of_what_makes_no_sense_is_answered_with_what_is_expected(
    surface: Surface, query: dict[str, str], words: str
) -> None:
    reply = await surface.ask("export_inventory", "people", query=query)
    assert (reply.status, words in reply.text) == (400, True)


async def test_two_snapshots_are_compared(surface: Surface, office: Office) -> None:
    assert (await surface.ask("diff_inventory", "latest")).status == 400
    await held(office)
    oldest = (await surface.ask("list_snapshots")).json()[-1]
    query = {"attributes": "department"}
    compared = (await surface.ask("diff_inventory", oldest["id"], query=query)).json()
    assert compared["diff"]["changes"] == {"department": 1}
    assert compared["diff"]["changed"][0]["after"] == "Legal"

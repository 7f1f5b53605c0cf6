"""Every error Graph is known to give says what to do next: the whole catalogue, one by one."""

from collections.abc import Callable

import pytest

from adapters.graph.errors import delta_error_of, error_of
from adapters.graph.license_refusals import is_absent, of_license_write
from adapters.graph.reply import Reply, lower_names
from adapters.graph.verdicts import NO_GROUP, of_grant, of_revoke
from domain.errors import Forbidden, Later, Never, Resync, SeatflowError
from domain.outcome import Applied, Outcome, Postponed, Refused
from simulators.graph import errors
from simulators.graph.errors import GraphError

SKU = "05e9a617-0261-4cee-bb44-138d3ef5d965"
GROUP = "66666666-7777-8888-9999-000000000000"
PERSON = "11111111-2222-3333-4444-555555555555"

CATALOGUE: dict[Callable[..., GraphError], tuple[tuple[object, ...], type[SeatflowError]]] = {
    errors.bad_request: (("Anything.",), Never),
    errors.unsupported_query: (("Anything.",), Never),
    errors.unreadable_body: ((), Never),
    errors.unknown_segment: (("userz",), Never),
    errors.method_not_allowed: ((), Never),
    errors.invalid_object_identifier: (("x",), Never),
    errors.invalid_property: (("x",), Never),
    errors.read_only_property: (("x",), Never),
    errors.invalid_value: (("x", "User"), Never),
    errors.value_required: (("x", "User"), Never),
    errors.value_taken: (("x",), Never),
    errors.unknown_property: (("x", "user"), Never),
    errors.invalid_filter: (("x",), Never),
    errors.invalid_top: ((), Never),
    errors.needs_advanced_query: (("ne",), Never),
    errors.count_not_supported: ((), Never),
    errors.expired_page_token: ((), Never),
    errors.not_found: ((PERSON,), Never),
    errors.no_mailbox: ((), Never),
    errors.already_member: ((), Never),
    errors.just_removed: ((), Never),
    errors.source_not_replicated: ((), Later),
    errors.unsupported_reference: ((), Never),
    errors.too_many_references: ((), Never),
    errors.too_many_alternatives: ((16, 15), Never),
    errors.member_quota: ((121, 100), Never),
    errors.synced_group: ((), Never),
    errors.mail_enabled_group: ((), Never),
    errors.guest_not_allowed: ((), Forbidden),
    errors.group_has_licenses: ((), Never),
    errors.concurrency_violation: ((), Later),
    errors.token_missing: ((), Never),
    errors.token_expired: ((), Never),
    errors.denied: ((), Forbidden),
    errors.report_denied: (("AuditLog.Read.All",), Forbidden),
    errors.usage_denied: ((), Never),
    errors.not_premium: ((), Never),
    errors.throttled: (({"Retry-After": "7"},), Later),
    errors.unavailable: ((), Later),
    errors.internal: ((), Later),
    errors.failed_dependency: ((), Later),
    errors.resync_required: (("https://graph.microsoft.com/v1.0/users/delta?$deltatoken=",), Never),
    errors.sync_state_not_found: ((400,), Never),
    errors.delta_filter_unsupported: ((), Never),
    errors.usage_location_invalid: ((), Never),
    errors.no_seats: ((SKU,), Never),
    errors.not_owned: ((SKU,), Never),
    errors.license_inherited: ((), Never),
    errors.mutually_exclusive: (("A", "B"), Never),
    errors.depends_on: (("A", ["B"]), Never),
    errors.license_missing: ((), Never),
    errors.subscription_invalid: (("Property resource is required.",), Never),
    errors.validation_failed: (("The operation has timed out",), Never),
    errors.expiration_too_far: ((41_760,), Never),
    errors.subscription_exists: ((GROUP,), Never),
    errors.subscription_not_found: ((), Never),
    errors.subscription_quota: ((100,), Never),
}


def reply_of(error: GraphError) -> Reply:
    body = error.body("2026-11-21T10:00:00", "some-request", "some-client-request")
    return Reply(error.status, lower_names(error.headers), body)


def test_the_catalogue_is_whole() -> None:
    made = {getattr(errors, name) for name in errors.__all__}
    assert made - {GraphError, errors.of_status} == set(CATALOGUE)


@pytest.mark.parametrize("make", CATALOGUE, ids=lambda make: make.__name__)
def test_every_error_says_what_to_do_next(make: Callable[..., GraphError]) -> None:
    arguments, expected = CATALOGUE[make]
    error = error_of(reply_of(make(*arguments)), "User.Read.All")
    assert type(error) is expected
    if isinstance(error, Later):
        assert error.after > 0
    if type(error) is Never:
        assert make(*arguments).code in error.reason


@pytest.mark.parametrize("status", [408, 423, 425, 429, 500, 502, 503, 504, 507, 509])
def test_what_may_pass_by_itself_is_later(status: int) -> None:
    assert type(error_of(Reply(status), "User.Read.All")) is Later


@pytest.mark.parametrize(
    "status", [301, 304, 400, 402, 404, 405, 406, 409, 412, 413, 415, 422, 501]
)
def test_what_nobody_knows_is_never(status: int) -> None:
    error = error_of(Reply(status), "User.Read.All")
    assert type(error) is Never
    assert str(status) in error.reason


def test_a_refused_token_says_where_to_look() -> None:
    for error in (errors.token_expired(), errors.token_missing()):
        refused = error_of(reply_of(error), "User.Read.All")
        assert isinstance(refused, Never)
        assert "identity" in refused.fix


def test_a_denied_request_names_the_permission() -> None:
    refused = error_of(reply_of(errors.denied()), "GroupMember.Read.All")
    assert isinstance(refused, Forbidden)
    assert "GroupMember.Read.All" in refused.fix


@pytest.mark.parametrize(
    "reply",
    [
        reply_of(errors.resync_required("https://graph.microsoft.com/v1.0/users/delta")),
        *(reply_of(errors.sync_state_not_found(status)) for status in (400, 404, 410)),
        reply_of(errors.bad_request("Something about the delta link.")),
        reply_of(errors.expired_page_token()),
        reply_of(errors.not_found("whatever")),
        Reply(410),
    ],
)
def test_a_token_that_graph_does_not_take_is_dead(reply: Reply) -> None:
    assert type(delta_error_of(reply, "User.Read.All", resumed=True)) is Resync


@pytest.mark.parametrize(
    "error", [errors.denied(), errors.token_expired(), errors.throttled({}), errors.internal()]
)
def test_trouble_that_is_not_the_tokens_does_not_kill_it(error: GraphError) -> None:
    found = delta_error_of(reply_of(error), "User.Read.All", resumed=True)
    assert type(found) is type(error_of(reply_of(error), "User.Read.All"))


def test_in_the_middle_of_a_round_a_dead_page_token_begins_the_round_again() -> None:
    found = delta_error_of(reply_of(errors.expired_page_token()), "User.Read.All", resumed=False)
    assert type(found) is Later
    found = delta_error_of(reply_of(errors.bad_request("No.")), "User.Read.All", resumed=False)
    assert type(found) is Never
    found = delta_error_of(Reply(410), "User.Read.All", resumed=False)
    assert type(found) is Resync


GRANTS: list[tuple[GraphError, type[Outcome]]] = [
    (errors.already_member(), Applied),
    (errors.not_found(PERSON), Refused),
    (errors.not_found(GROUP), Refused),
    (errors.source_not_replicated(), Postponed),
    (errors.member_quota(121, 100), Refused),
    (errors.denied(), Refused),
    (errors.synced_group(), Refused),
    (errors.mail_enabled_group(), Refused),
    (errors.guest_not_allowed(), Refused),
    (errors.too_many_references(), Refused),
    (errors.invalid_object_identifier("x"), Refused),
    (errors.unsupported_reference(), Refused),
    (errors.token_expired(), Refused),
    (errors.concurrency_violation(), Postponed),
    (errors.throttled({}), Postponed),
    (errors.unavailable(), Postponed),
    (errors.internal(), Postponed),
]


@pytest.mark.parametrize(("error", "expected"), GRANTS, ids=lambda value: str(value)[:50])
def test_every_answer_to_a_write_is_an_outcome(error: GraphError, expected: type) -> None:
    outcome = of_grant(reply_of(error), GROUP)
    assert isinstance(outcome, expected)
    if isinstance(outcome, Refused):
        assert outcome.fix
    if isinstance(outcome, Postponed):
        assert outcome.after > 0


def test_of_a_removal_what_is_not_found_is_left_open() -> None:
    assert of_revoke(reply_of(errors.just_removed())) == Applied("already so")
    assert of_revoke(reply_of(errors.not_found(PERSON))) is None
    assert isinstance(of_revoke(reply_of(errors.denied())), Refused)


def test_the_missing_group_and_the_missing_person_are_told_apart() -> None:
    group = of_grant(reply_of(errors.not_found(GROUP)), GROUP)
    person = of_grant(reply_of(errors.not_found(PERSON)), GROUP)
    assert isinstance(group, Refused)
    assert isinstance(person, Refused)
    assert "group" in group.reason
    assert "person" in person.reason


LICENSE_WRITES: list[tuple[GraphError, type[Outcome], str]] = [
    (errors.usage_location_invalid(), Refused, "usage location"),
    (errors.no_seats(SKU), Refused, "No seat"),
    (errors.not_owned(SKU), Refused, "does not have this product"),
    (errors.mutually_exclusive("EXCHANGE_S_STANDARD", "TEAMS1"), Refused, "EXCHANGE_S_STANDARD, T"),
    (errors.depends_on("MCOEV", ["TEAMS1", "MCOSTANDARD"]), Refused, "MCOEV depends on"),
    (errors.denied(), Refused, "denied"),
    (errors.not_found(PERSON), Refused, "does not exist"),
    (errors.bad_request("Something new."), Refused, "Something new."),
    (errors.token_expired(), Refused, "token"),
    (errors.concurrency_violation(), Postponed, ""),
    (errors.throttled({"Retry-After": "7"}), Postponed, ""),
    (errors.unavailable(), Postponed, ""),
    (errors.internal(), Postponed, ""),
]


@pytest.mark.parametrize(
    ("error", "expected", "words"), LICENSE_WRITES, ids=lambda value: str(value)[:50]
)
def test_every_answer_to_a_write_of_licenses_is_an_outcome(
    error: GraphError, expected: type, words: str
) -> None:
    outcome = of_license_write(reply_of(error), "LicenseAssignment.ReadWrite.All", NO_GROUP)
    assert isinstance(outcome, expected)
    if isinstance(outcome, Refused):
        assert outcome.fix
        assert words in outcome.reason
    if isinstance(outcome, Postponed):
        assert outcome.after > 0


def test_a_license_that_is_not_assigned_directly_is_not_there_to_take() -> None:
    for error in (errors.license_missing(), errors.license_inherited()):
        assert is_absent(reply_of(error))
    for error in (errors.depends_on("A", ["B"]), errors.not_found(PERSON), errors.denied()):
        assert not is_absent(reply_of(error))


def test_a_denied_write_of_licenses_names_the_permission() -> None:
    refused = of_license_write(reply_of(errors.denied()), "User.ReadWrite.All", NO_GROUP)
    assert isinstance(refused, Refused)
    assert "User.ReadWrite.All" in refused.fix

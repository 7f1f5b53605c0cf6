"""Bindings are read into triggers, and whatever this host cannot do is refused by name."""

from typing import Any

import pytest

from local.host.bindings import HttpTrigger, QueueTrigger, TimerTrigger, Trigger, read_trigger
from local.host.errors import HostError
from local.host.worker import Function

QUEUE = {
    "direction": "IN",
    "type": "serviceBusTrigger",
    "name": "message",
    "connection": "Bus",
    "queueName": "%QUEUE%",
}


def read(*bindings: dict[str, Any], **settings: str) -> Trigger:
    return read_trigger(Function("work", "id", bindings), settings)


def test_a_queue_trigger_is_read_with_its_settings_filled_in() -> None:
    more = {"isSessionsEnabled": True, "cardinality": "MANY", "dataType": "BINARY"}

    assert read({**QUEUE, **more}, QUEUE="orders") == QueueTrigger(
        "work", "orders", "Bus", sessions=True, many=True, binary=True, auto_complete=None
    )


def test_an_http_trigger_has_its_function_s_name_for_a_route_if_it_has_none() -> None:
    request = {"direction": "IN", "type": "httpTrigger", "name": "req", "methods": ["get"]}
    answer = {"direction": "OUT", "type": "http", "name": "$return"}

    assert read(request, answer) == HttpTrigger("work", "work", frozenset({"GET"}), "function")


def test_a_timer_trigger_takes_its_schedule_from_a_setting() -> None:
    timer = {"direction": "IN", "type": "timerTrigger", "name": "t", "schedule": "%TICK%"}

    assert read(timer, TICK="0 * * * * *") == TimerTrigger("work", "0 * * * * *", False, True, None)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"type": "blobTrigger"}, "binding 'message': type 'blobTrigger', direction 'in'"),
        ({"direction": "INOUT"}, "direction 'inout' is not supported"),
        ({"topicName": "t"}, "the property 'topicName' is not supported"),
        ({"accessRights": "manage"}, "the property 'accessRights' is not supported"),
        ({"properties": {"SupportsDeferredBinding": True}}, "the property 'properties'"),
        ({"cardinality": "SOME"}, "cardinality 'some' is not supported"),
        ({"dataType": "STREAM"}, "datatype 'stream' is not supported"),
        ({"queueName": "%NOPE%"}, "property queueName: the setting NOPE is not set"),
    ],
)
def test_what_is_not_supported_is_refused_by_function_binding_and_name(
    change: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(HostError, match="Function 'work'") as refusal:
        read({**QUEUE, **change}, QUEUE="orders")

    assert sentence in str(refusal.value)


def test_an_output_binding_is_refused() -> None:
    output = {"direction": "OUT", "type": "serviceBus", "name": "out", "queueName": "next"}

    with pytest.raises(HostError, match="binding 'out': type 'serviceBus', direction 'out'"):
        read(QUEUE, output, QUEUE="orders")

"""What may be declared, and the sentence for what may not."""

import json
from pathlib import Path
from typing import Any

import pytest

from simulators.servicebus.broker.settings import QueueSettings
from simulators.servicebus.config import ConfigError, load_queues
from simulators.servicebus.durations import milliseconds
from tests.simulators.servicebus.process import write_config

REPOSITORY = Path(__file__).parents[3]


def test_the_declared_queues_are_those_of_the_product() -> None:
    queues = load_queues(REPOSITORY / "infra" / "servicebus.json")

    assert {queue.name: queue.requires_session for queue in queues} == {
        "fulfillment": True,
        "recompile": False,
    }


def test_every_property_is_read(tmp_path: Path) -> None:
    properties = {
        "DeadLetteringOnMessageExpiration": True,
        "DefaultMessageTimeToLive": "PT1H",
        "DuplicateDetectionHistoryTimeWindow": "PT5M",
        "ForwardDeadLetteredMessagesTo": "",
        "ForwardTo": "",
        "LockDuration": "PT1M30S",
        "MaxDeliveryCount": 7,
        "RequiresDuplicateDetection": True,
        "RequiresSession": True,
    }
    config = write_config(tmp_path / "config.json", {"orders": properties})

    assert load_queues(config) == [
        QueueSettings("orders", 90_000, 7, True, 300_000, 3_600_000, dead_letters_expired=True)
    ]


def test_a_window_without_duplicate_detection_means_nothing(tmp_path: Path) -> None:
    config = write_config(
        tmp_path / "config.json", {"q": {"DuplicateDetectionHistoryTimeWindow": "PT5M"}}
    )

    assert load_queues(config)[0].duplicate_window is None


@pytest.mark.parametrize(
    ("properties", "sentence"),
    [
        ({"LockDuratoin": "PT1M"}, "queue 'q' has 'LockDuratoin'; known are DeadLettering"),
        ({"LockDuration": "1 minute"}, "LockDuration of queue 'q': '1 minute' is not an ISO 8601"),
        ({"LockDuration": 60}, "LockDuration of queue 'q': '60' is not an ISO 8601"),
        ({"LockDuration": "PT2S"}, "must be between PT5S and PT5M, not PT2S."),
        ({"DuplicateDetectionHistoryTimeWindow": "P8D"}, "between PT20S and P7D"),
        ({"MaxDeliveryCount": "10"}, "must be a number from 1 to 2000, not '10'."),
        ({"MaxDeliveryCount": True}, "must be a number"),
        ({"RequiresSession": "yes"}, "RequiresSession of queue 'q' must be true or false"),
        ({"ForwardTo": "r"}, "ForwardTo of queue 'q' is 'r', but this simulator does not forward."),
    ],
)
def test_a_bad_property_is_named_in_one_sentence(
    tmp_path: Path, properties: dict[str, Any], sentence: str
) -> None:
    config = write_config(tmp_path / "config.json", {"q": properties})

    with pytest.raises(ConfigError) as refused:
        load_queues(config)

    assert sentence in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        ([], "the file must be an object."),
        ({}, "the file needs 'UserConfig' as an object."),
        ({"UserConfig": {"Namespaces": []}}, "there must be one namespace, not 0."),
        ({"UserConfig": {"Namespaces": [{"Topics": [{"Name": "t"}]}]}}, "topic 't' is declared"),
        ({"UserConfig": {"Namespaces": [{"Queues": [{}]}]}}, "a queue needs 'Name' as a text."),
        (
            {"UserConfig": {"Namespaces": [{"Queues": [{"Name": "a"}, {"Name": "A"}]}]}},
            "queue 'a' is declared twice.",
        ),
    ],
)
def test_a_bad_document_is_refused(tmp_path: Path, document: Any, sentence: str) -> None:
    config = tmp_path / "config.json"
    config.write_text(json.dumps(document))

    with pytest.raises(ConfigError, match=sentence):
        load_queues(config)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("PT1M", 60_000), ("P1DT2H", 93_600_000), ("PT0.5S", 500), ("P10675199D", 922337193600000)],
)
def test_durations_are_read(text: str, expected: int) -> None:
    assert milliseconds(text) == expected


@pytest.mark.parametrize("text", ["", "P", "PT", "P1DT", "1M", "P1Y", "PT1H2", "-PT1M"])
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="ISO 8601"):
        milliseconds(text)

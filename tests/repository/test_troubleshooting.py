"""The troubleshooting page has every sentence an operator can meet, and none that nobody says."""

import re
from pathlib import Path

from tests.repository.sentences import HOLE, is_said, said_to_operators

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/troubleshooting.md").read_text()
KEYS = [
    key
    for key in re.findall(r"`([^`\n]+)`", PAGE)
    if re.match(rf"[A-Z{HOLE}]\S* |protected by |told of |nothing can |user\.{HOLE} ", key)
]


BEGINNINGS = [re.compile(key[:1] + re.escape(key[1:]).replace(HOLE, ".*")) for key in KEYS]
"""As patterns. Where one begins with a hole, so must the sentence."""


def test_what_an_operator_can_meet_is_on_the_page() -> None:
    missing = [
        sentence
        for sentence in sorted(said_to_operators())
        if not any(beginning.match(sentence) for beginning in BEGINNINGS)
    ]
    assert missing == [], "give each a row in docs/troubleshooting.md, by how it begins"


def test_the_page_names_no_sentence_that_nobody_says() -> None:
    assert [key for key in KEYS if not is_said(key)] == []


def test_no_key_stands_for_everything() -> None:
    assert len(KEYS) > 100
    assert [key for key in KEYS if len(re.sub(r"\W", "", key)) < 5] == []


def test_every_alert_is_on_the_page() -> None:
    told = set(re.findall(r"^\| ([a-z ]+) \| ", PAGE.split("## Alerts")[1], re.MULTILINE))
    assert told - {"alert"} == {
        file.stem.replace("_", " ") for file in (ROOT / "infra/alerts").glob("*.kql")
    }

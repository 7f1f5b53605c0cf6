"""The published JSON Schema is the one the models make; editors accept what Seatflow accepts."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from domain.bundle_text import read_files
from domain.errors import BundleError
from domain.policy_schema import policy_schema
from schemas.__main__ import FILE, text

ROOT = Path(__file__).parents[2]
SAMPLES = sorted((ROOT / "bundles").glob("*.yaml"))
VALIDATOR = Draft202012Validator(policy_schema())
LINE = "# yaml-language-server: $schema=../schemas/policy.schema.json\n"


class _Texts(yaml.SafeLoader):
    """Dates stay texts, as in YAML 1.2, which editors read."""


_Texts.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith(":timestamp")]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def test_the_published_schema_is_the_one_the_models_make() -> None:
    assert FILE.read_text() == text(), "run: .venv/bin/python -m schemas"
    Draft202012Validator.check_schema(json.loads(text()))


@pytest.mark.parametrize("file", SAMPLES, ids=lambda file: file.name)
def test_every_sample_names_the_schema_and_is_valid_by_it(file: Path) -> None:
    assert file.read_text().startswith(LINE)
    for document in yaml.load_all(file.read_text(), _Texts):
        VALIDATOR.validate(document)


def test_every_field_says_what_it_is() -> None:
    for name, definition in policy_schema()["$defs"].items():
        for field, part in definition.get("properties", {}).items():
            assert part.get("description"), f"{name}.{field}"


SAMPLE: dict[str, Any] = {
    "id": "e3",
    "name": "E3",
    "target": {"group": "11111111-1111-1111-1111-111111111111"},
    "products": [{"sku": "05e9a617-0261-4cee-bb44-138d3ef5d965"}],
    "policy": {"groups": ["21111111-1111-1111-1111-111111111111"]},
}


@pytest.mark.parametrize(
    "document",
    [
        SAMPLE,
        [SAMPLE],
        {"tenant": {"mode": "dry-run"}},
        SAMPLE | {"policy": {"groups": [{"id": "21111111-1111-1111-1111-111111111111"}]}},
        SAMPLE | {"id": "No Id"},
        SAMPLE | {"owned_by": "x"},
        SAMPLE | {"grace": "2 days"},
        SAMPLE | {"unmanaged": "delete"},
        SAMPLE | {"policy": {"groups": ["x"]}},
        SAMPLE | {"limits": {"revokes": {"percent": -1}}},
        {"tenant": {"pools": [{"name": "x"}]}},
        {"tenant": {}, "id": "x"},
        {},
        "e3",
    ],
)
def test_an_editor_and_the_reader_agree(document: Any) -> None:
    try:
        read_files({"e3.json": json.dumps(document)})
        accepted = True
    except BundleError:
        accepted = False
    assert VALIDATOR.is_valid(document) == accepted

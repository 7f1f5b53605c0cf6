"""docs/tenant-file.md names what the generator makes."""

from pathlib import Path

from local.tenant import generate
from local.tenant.cast import CAST

DOCUMENT = (Path(__file__).parents[3] / "docs" / "tenant-file.md").read_text()


def test_everyone_in_the_cast_is_documented_with_their_id() -> None:
    for role in CAST:
        assert f"| {role.given} {role.surname} | `{role.id}` |" in DOCUMENT


def test_every_license_group_and_every_prefix_is_documented() -> None:
    for group in generate(100, 1)["groups"]:
        name = group["displayName"]
        prefix = f"{name.split('-')[0]}-"
        assert f"`{name if prefix == 'LIC-' else prefix}`" in DOCUMENT

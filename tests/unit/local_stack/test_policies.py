"""Bundles are checked before anything starts, and every problem is told at once."""

from pathlib import Path

import pytest

from local.errors import StackError
from local.layout import PROJECT
from local.policies import read_policies

_POWER_BI = """\
# Analysts only.
id: power-bi
name: Power BI Pro for analysts
owner: analytics@contoso.com
target:
  group: b6d33307-37da-5109-ade4-c6233fe2ad8e
products:
  - sku: 639dec6b-bb19-468b-871c-c5c441c4b0cb
policy:
  rule: user.department -eq "Finance"
"""
_VISIO = _POWER_BI.replace("power-bi", "visio").replace("b6d33307", "a6d33307")


def test_the_samples_are_good_and_come_as_they_lie() -> None:
    files = read_policies(PROJECT / "bundles")

    assert list(files) == sorted(files)
    assert {"m365-e3.yaml", "m365-e5.yaml", "tenant.yaml"} <= files.keys()
    assert files["tenant.yaml"] == (PROJECT / "bundles/tenant.yaml").read_text()


def test_a_file_may_hold_several_bundles_and_begin_with_a_byte_order_mark(tmp_path: Path) -> None:
    text = f"{_POWER_BI}---\n{_VISIO}"
    (tmp_path / "both.yaml").write_text(text, encoding="utf-8-sig")

    assert read_policies(tmp_path) == {"both.yaml": text}


def test_every_bad_file_is_named_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(_POWER_BI.replace("owner:", "ower:"))
    (tmp_path / "b.yaml").write_text("id: [unfinished")
    (tmp_path / "c.yaml").write_bytes(b"\xff\xfe")

    with pytest.raises(StackError) as refusal:
        read_policies(tmp_path)

    lines = str(refusal.value).splitlines()
    assert any(line.startswith(f"{tmp_path}/a.yaml:4: ") for line in lines)
    assert any(line.startswith(f"{tmp_path}/b.yaml:1: ") for line in lines)
    assert f"{tmp_path}/c.yaml:1: Not UTF-8 text." in lines


def test_two_bundles_with_one_target_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(_POWER_BI)
    (tmp_path / "b.yaml").write_text(_POWER_BI.replace("id: power-bi", "id: visio"))

    with pytest.raises(StackError, match=r"b\.yaml:6: The target group b6d33307.*a\.yaml:6"):
        read_policies(tmp_path)


def test_a_folder_without_bundles_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StackError, match=r"there is no \*\.yaml in"):
        read_policies(tmp_path)

"""The page on the simulator names what there is."""

from pathlib import Path

from simulators.servicebus.broker.queue import Totals
from simulators.servicebus.config import PROPERTIES
from simulators.servicebus.control.faults import FAULTS

PAGE = (Path(__file__).parents[3] / "docs" / "servicebus-simulator.md").read_text()


def test_every_fault_has_its_row_and_its_example() -> None:
    for fault in FAULTS:
        assert f"| `{fault}` |" in PAGE
        assert f"""curl -d '{{"{fault}": """ in PAGE


def test_every_queue_property_and_total_is_named() -> None:
    for name in [*PROPERTIES, *Totals.__dataclass_fields__]:
        assert f"`{name}`" in PAGE

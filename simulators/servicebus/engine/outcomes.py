"""What a receiver's outcome means to Service Bus (as azure-servicebus 7.15 sends them)."""

from typing import Any

from simulators.servicebus.amqp import Described
from simulators.servicebus.broker.settlement import Outcome, Settlement
from simulators.servicebus.engine.errors import ACCEPTED, MODIFIED, REJECTED, RELEASED

_ERROR = 0  # of rejected
_INFO = 2  # of an error
_UNDELIVERABLE_HERE, _ANNOTATIONS = 1, 2  # of modified


def read_settlement(state: Described) -> Settlement | None:
    """Return the settlement an outcome asks for; None for a state that ends nothing."""
    if state.descriptor == ACCEPTED:
        return Settlement(Outcome.COMPLETE)
    if state.descriptor == RELEASED:
        return Settlement(Outcome.RELEASE)
    if state.descriptor == MODIFIED:
        defers = bool(_field(state.value, _UNDELIVERABLE_HERE))
        properties = _texts(_field(state.value, _ANNOTATIONS))
        return Settlement(Outcome.DEFER if defers else Outcome.ABANDON, properties=properties)
    if state.descriptor == REJECTED:
        return _dead_letter(_field(state.value, _ERROR))
    return None


def _dead_letter(error: Any) -> Settlement:
    info = _texts(_field(error.value, _INFO) if isinstance(error, Described) else None)
    reason = info.pop("DeadLetterReason", None)
    description = info.pop("DeadLetterErrorDescription", None)
    return Settlement(Outcome.DEAD_LETTER, reason, description, info)


def _field(values: Any, position: int) -> Any:
    return values[position] if isinstance(values, list) and len(values) > position else None


def _texts(entries: Any) -> dict[str, Any]:
    """Return a map with its symbols as the strings that application properties need."""
    return {str(key): value for key, value in entries.items()} if isinstance(entries, dict) else {}

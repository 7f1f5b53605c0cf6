"""ISO 8601 durations, as Microsoft's emulator configuration writes them."""

import re

_DURATION = re.compile(
    r"P(?:(?P<days>\d+)D)?(?:T(?=\d)(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?"
    r"(?:(?P<seconds>\d+(?:\.\d+)?)S)?)?"
)


def milliseconds(text: str) -> int:
    """Return a duration such as PT1H30M or P7D in milliseconds; ValueError if it is none.

    Years and months are refused: they have no fixed length.
    """
    match = _DURATION.fullmatch(text)
    parts = match.groupdict() if match else {}
    if not any(parts.values()):
        raise ValueError(f"'{text}' is not an ISO 8601 duration such as PT1M")
    days, hours, minutes = (int(parts[unit] or 0) for unit in ("days", "hours", "minutes"))
    seconds = float(parts["seconds"] or 0)
    return ((days * 24 + hours) * 60 + minutes) * 60_000 + round(seconds * 1000)

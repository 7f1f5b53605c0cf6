"""A reply of Graph as a value, whether it came alone or inside a `$batch`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from domain.errors import Later
from domain.quoted import quoted


@dataclass(frozen=True, slots=True)
class Reply:
    """Status, headers (names in lower case) and the parsed JSON body, None where there is none."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Any = None

    @property
    def ok(self) -> bool:
        """Whether the request succeeded."""
        return 200 <= self.status < 300

    @property
    def code(self) -> str:
        """The error's code, empty where the body names none."""
        return self._of_error("code")

    @property
    def message(self) -> str:
        """The error's message, empty where the body has none."""
        return self._of_error("message")

    def says(self, words: str) -> bool:
        """Tell whether the error's message contains these words, in any case.

        Graph gives one code to many membership errors, so the words must be read.
        """
        return words.lower() in self.message.lower()

    def whole(self) -> Mapping[str, Any]:
        """Return the body of a success that must have one.

        Raises:
            Later: it has none; what Graph did not say is unknown, not empty.
        """
        if not isinstance(self.body, Mapping):
            raise Later(f"Graph's reply {self.status} has no JSON object.", after=10.0)
        return self.body

    def described(self) -> str:
        """Return the error in one line, with the request id that Microsoft's support asks for.

        Graph's own words are quoted: they may name people.
        """
        line = " ".join(part for part in (str(self.status), self.code) if part)
        line = f"{line}: {quoted(self.message)}" if self.message else line
        request = self.headers.get("request-id")
        return f"{line} (request-id {request})" if request else line

    def _of_error(self, key: str) -> str:
        error = self.body.get("error") if isinstance(self.body, Mapping) else None
        value = error.get(key) if isinstance(error, Mapping) else None
        return value if isinstance(value, str) else ""


def lower_names(headers: Mapping[str, Any]) -> dict[str, str]:
    """Return the headers with names in lower case and values as text."""
    return {name.lower(): str(value) for name, value in headers.items()}

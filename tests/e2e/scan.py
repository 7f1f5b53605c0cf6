"""Look for people's names and for secrets where neither belongs: in logs, and in what is sent."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

_WORD = re.compile(r"[^\W\d_][\w'.-]*", re.UNICODE)
_ADDRESS = re.compile(r"[\w.+'#-]+@[\w.-]+\w", re.UNICODE)
_RANDOM = re.compile(r"(?<![\w-])(?=[\w-]*[a-z])(?=[\w-]*[A-Z])(?=[\w-]*\d)[\w-]{40,}")
"""What a secret looks like that somebody made up: ids and fingerprints have no capitals."""
_NAMED = ("displayName", "mail", "userPrincipalName")


class Scan:
    """What must not be found: each person's name, mail and user principal name, and secrets."""

    def __init__(self, people: Iterable[dict[str, Any]], secrets: Iterable[str]) -> None:
        told = [str(value) for one in people for name in _NAMED if (value := one.get(name))]
        self._addresses = {text.lower() for text in told if "@" in text}
        self._names = {tuple(_words(text)) for text in told if "@" not in text}
        self._lengths = {len(name) for name in self._names}
        self._secrets = sorted(set(secrets))

    def found(self, texts: Iterable[str]) -> list[str]:
        """Return what was found of all that, each with where."""
        return [
            f"{what!r} in {text[:300]!r}"
            for text in dict.fromkeys(texts)
            for what in self._found(text)
        ]

    def _found(self, text: str) -> Iterator[str]:
        yield from (secret for secret in self._secrets if secret in text)
        yield from _RANDOM.findall(text)
        yield from self._addresses.intersection(each.lower() for each in _ADDRESS.findall(text))
        words = _words(text)
        for length in self._lengths:
            runs = zip(*(words[start:] for start in range(length)), strict=False)
            yield from (" ".join(name) for name in self._names.intersection(runs))


def _words(text: str) -> list[str]:
    return [word.casefold().strip(".'") for word in _WORD.findall(text)]

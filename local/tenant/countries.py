"""The countries of the generated tenant, with their cities, languages and names."""

import json
from bisect import bisect
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from random import Random


@dataclass(frozen=True, slots=True)
class City:
    """A city with its state and the office there."""

    name: str
    state: str
    office: str


@dataclass(frozen=True, slots=True)
class Country:
    """A country people work in; `weight` is its share of the staff, in parts of the sum."""

    name: str
    code: str
    language: str
    weight: int
    region: str
    phone: str
    cities: tuple[City, ...]
    given: tuple[str, ...]
    surnames: tuple[str, ...]


def pick[T](draw: Random, items: Sequence[T]) -> T:
    """Return one of the items; `random()` alone is promised to stay the same over versions."""
    return items[int(draw.random() * len(items))]


def pick_country(draw: Random) -> Country:
    """Return a country, the likelier the greater its weight."""
    return COUNTRIES[bisect(_SUMS, draw.random() * _SUMS[-1])]


def pick_name(draw: Random, country: Country) -> tuple[str, str]:
    """Return a given name and a surname, each now and then from another country."""
    first, last = (country if draw.random() < 0.88 else pick_country(draw) for _ in range(2))
    return pick(draw, first.given), pick(draw, last.surnames)


def _read() -> tuple[Country, ...]:
    text = Path(__file__).with_name("countries.json").read_text(encoding="utf-8")
    return tuple(
        Country(
            **entry | {"cities": tuple(City(*city) for city in entry["cities"])},
        )
        for entry in json.loads(text)
    )


COUNTRIES = _read()
BY_NAME = {country.name: country for country in COUNTRIES}
_SUMS = list(accumulate(country.weight for country in COUNTRIES))

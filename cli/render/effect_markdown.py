"""What a candidate policy would do, as Markdown for a comment on a pull request."""

import re
from collections.abc import Iterator, Mapping

from cli.answers.policy import BundleEffect, Effect
from cli.render.effect import loud, people, remarks, state
from cli.render.money import a_month, sums
from cli.screen import clean, count, named, when

_NUMBERS = (
    "entitled",
    "gains",
    "losses",
    "grants",
    "revokes",
    "waiting",
    "leaving",
    "a month",
)

LONGEST = 60_000
"""GitHub takes comments of 65,536 characters; the workflow adds a line of its own."""


def effect_markdown(found: Effect, examples: int) -> str:
    """Return the comment; where it would be too long, without the people."""
    text = "\n".join(_comment(found, examples)) + "\n"
    if len(text) > LONGEST and examples:
        short = "\n".join(_comment(found, 0))
        return f"{short}\n\nThe people are left out: the comment would be too long.\n"
    return text


def _comment(found: Effect, examples: int) -> Iterator[str]:
    yield f"## What this policy would do: {_verdict(found)}"
    yield ""
    yield f"Against the inventory of {_plain(when(found.snapshot))}. Nothing is stored or sent."
    yield from _held(found)
    yield ""
    yield from _bundles(found)
    yield from _products(found)
    for line in remarks(found):
        yield ""
        yield _plain(line)
    for bundle in found.bundles:
        yield from _people(bundle, examples, found.names)


def _verdict(found: Effect) -> str:
    if not found.bundles:
        return "no bundle changes"
    total = count(len(found.bundles), "bundle")
    return f"{len(found.held):,} of {total} WOULD BE HELD" if found.held else f"{total}, none held"


def _held(found: Effect) -> Iterator[str]:
    if not found.held:
        return
    yield ""
    yield "> [!WARNING]"
    for bundle in found.held:
        yield f"> **{_plain(bundle.bundle)} would be held**"
        for reason in bundle.held:
            yield f"> - {_plain(reason)}"


def _bundles(found: Effect) -> Iterator[str]:
    if not found.bundles:
        return
    yield f"| bundle | | {' | '.join(_NUMBERS)} |"
    yield f"|---|---{'|--:' * len(_NUMBERS)}|"
    for each in loud(found.bundles):
        said = _plain(state(each))
        said = f"**{said}**" if each.held or each.mode == "dry-run" else said
        entitled = f"{each.entitled_before:,} → {each.entitled:,}"
        numbers = (each.gains, each.losses, each.grants, each.revokes, each.waiting, each.leaving)
        counts = (f"{number:,}" for number in numbers)
        cells = (_plain(each.bundle), said, entitled, *counts, _plain(a_month(each)))
        yield f"| {' | '.join(cells)} |"


def _products(found: Effect) -> Iterator[str]:
    products = loud(found.products)
    if not products:
        return
    yield ""
    yield "| product | seats | in use now | as stored | with this policy | a month |"
    yield "|---|--:|--:|--:|--:|--:|"
    for each in products:
        numbers = (each.seats, each.consumed, each.after_before, each.after)
        name = _plain(found.called(each))
        cells = (name, *(f"{number:,}" for number in numbers), _plain(a_month(each)))
        yield f"| {' | '.join(cells)} |"
    yield ""
    yield f"**{_plain(sums(found))}**"


def _people(bundle: BundleEffect, most: int, names: Mapping[str, str]) -> Iterator[str]:
    groups = list(people(bundle, most))
    if not groups:
        return
    titles = ", ".join(title for title, _, _ in groups)
    yield ""
    yield f"<details><summary>{_plain(bundle.bundle)}: {titles}</summary>"
    for title, total, lines in groups:
        yield ""
        yield f"{title}:"
        yield ""
        for person, reason in lines:
            yield f"- `{named(person, names).replace('`', '')}` {_plain(reason)}"
        if total > len(lines):
            yield f"- … and {total - len(lines):,} more"
    yield ""
    yield "</details>"


def _plain(text: str) -> str:
    """Return a text that Markdown shows as it is, on one line; nobody is mentioned by it."""
    escaped = re.sub(r"([\\`*_\[\]<>|~#])", r"\\\1", " ".join(clean(text).split()))
    return escaped.replace("@", "@\N{ZERO WIDTH SPACE}")

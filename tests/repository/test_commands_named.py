"""Every `seatflow …` that a page or a sentence of the app names is one that can be typed."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from cli.app import app

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), ROOT / "infra/README.md"])
CODE = sorted(
    file
    for folder in ("adapters", "cli", "domain", "functions", "infra", "local")
    for file in (ROOT / folder).rglob("*.py")
)
COMMAND = typer.main.get_command(app)
USAGE_ERROR = typer.BadParameter.__bases__[0]
ENDS = {"|", ">", ">>", "&&", ";", "||"}


def parse(words: list[str], *, whole: bool) -> None:
    """Take a command as the console would; a mention that is not `whole` may leave words out."""
    command: Any = COMMAND
    context, name = None, "seatflow"
    try:
        while True:
            if not words and hasattr(command, "resolve_command") and not whole:
                return
            context = command.make_context(name, words, parent=context)
            if not hasattr(command, "resolve_command"):
                return
            words = [*context._protected_args, *context.args]
            if not words and not whole:
                return
            name, command, words = command.resolve_command(context, words)
    except typer.BadParameter:  # a parameter is missing, or a placeholder where a number is meant
        if whole:
            raise


def typed(page: str) -> Iterator[str]:
    """Yield the commands in the fenced blocks of a page."""
    for block in re.findall(r"^```\w*\n(.*?)^```", page, re.MULTILINE | re.DOTALL):
        for line in block.replace("\\\n", " ").splitlines():
            found = re.match(r"(?:\$ )?(?:\w+=\S+ )*(?:\S*/)?seatflow (?!\w+:)(.*)", line)
            if found:
                yield found[1]


def mentioned(text: str) -> Iterator[str]:
    """Yield the commands that a text names between backticks."""
    for words in re.findall(
        r"`seatflow ([^`]+)`", re.sub(r"^```.*?^```", "", text, flags=re.M | re.S)
    ):
        yield re.sub(r"[\[\]]", "", words)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_commands_on_a_page_can_be_typed(page: Path) -> None:
    for line in typed(page.read_text()):
        words = shlex.split(line, comments=True)
        end = next((at for at, word in enumerate(words) if word in ENDS), len(words))
        parse(words[:end], whole=True)
    for line in mentioned(page.read_text()):
        parse(shlex.split(line), whole=False)


def test_commands_in_sentences_of_the_app_can_be_typed() -> None:
    found = 0
    for file in CODE:
        text = re.sub(r'"\n\s+f?"', "", file.read_text())
        for line in mentioned(re.sub(r"\{[^}`]*\}", "X", text)):
            found += 1
            parse(shlex.split(line), whole=False)
    assert found > 15


@pytest.mark.parametrize(
    "line",
    ["plan list", "plans --status held", "refuse plan-1", "pause extra", "lint --examples x"],
)
def test_a_command_that_cannot_be_typed_is_found(line: str) -> None:
    with pytest.raises(USAGE_ERROR):
        parse(line.split(), whole=True)

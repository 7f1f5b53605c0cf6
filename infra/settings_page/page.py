"""The page itself."""

from collections.abc import Iterable
from pathlib import Path

from domain.kinds import FURTHER
from infra.settings_page.azure import in_azure
from infra.settings_page.declared import REQUIRED, ROOT, Setting, of_the_class, of_timers
from infra.settings_page.hosts import HOSTS

FILE: Path = ROOT / "docs/settings.md"

_NOT_SET = "not set"
_PAGE = """\
# Settings

<!-- Written by `python -m infra.settings_page`; a change here is lost. -->

Settings are read once, at start. One that is missing or makes no sense stops the app with a
sentence that names it. On one machine `local.settings.sample.json` holds the values. In Azure
`infra/modules/app.bicep` sets them; the last column says to what, or which parameter of
`infra/main.bicep` decides; what is not set there has its default. No setting in Azure is a secret.

{settings}

## Kinds of facts

Beside its core, the inventory reads further kinds of facts; [kinds.md](kinds.md) has what each
needs. Each has a switch, `on` or `off`, and a schedule that says when to look whether it is due:
every five or ten minutes is right, since looking costs nothing.

{kinds}

## Schedules

NCRONTAB: six fields, from seconds to the day of the week, in UTC. Schedules have no default: the
app needs all of them, those of the kinds above, too.

{schedules}

## Of the Functions host

The app itself does not read these.

{hosts}
"""


def text() -> str:
    """Return the page as the file has it."""
    return _PAGE.format(
        settings=_settings(), kinds=_kinds(), schedules=_schedules(), hosts=_hosts()
    )


def _settings() -> str:
    azure = in_azure()
    head = ("setting", "default", "unit", "meaning", "in Azure")
    ordered = sorted(of_the_class(), key=lambda each: (each.default != REQUIRED, _order(each)))
    return _table(
        head,
        (
            (*_named(each), each.unit, _cell(each.what), azure.get(each.name, _NOT_SET))
            for each in ordered
        ),
    )


def _kinds() -> str:
    azure = in_azure()
    head = ("setting", "default", "what is read", "in Azure", "schedule", "in Azure")
    return _table(
        head,
        (
            (
                *(f"`{kind.switch}`", "`on`" if kind.on else "`off`", kind.what),
                *(
                    azure.get(kind.switch, _NOT_SET),
                    f"`{kind.schedule}`",
                    azure.get(kind.schedule, _NOT_SET),
                ),
            )
            for kind in FURTHER
        ),
    )


def _schedules() -> str:
    azure = in_azure()
    rows = (
        (f"`{each.name}`", _cell(each.what), azure.get(each.name, _NOT_SET)) for each in of_timers()
    )
    return _table(("setting", "what it decides", "in Azure"), rows)


def _hosts() -> str:
    azure = in_azure()
    rows = ((f"`{name}`", what, azure.get(name, _NOT_SET)) for name, what in HOSTS.items())
    return _table(("setting", "what it is", "in Azure"), rows)


def _order(setting: Setting) -> str:
    return setting.name.casefold()


def _named(setting: Setting) -> tuple[str, str]:
    default = setting.default
    return f"`{setting.name}`", default if default in ("", REQUIRED) else f"`{default}`"


def _cell(text: str) -> str:
    return text.removesuffix(".").replace("|", r"\|")


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [f"| {' | '.join(cells)} |" for cells in (head, *rows)]
    return "\n".join([lines[0], "|---" * len(head) + "|", *lines[1:]])

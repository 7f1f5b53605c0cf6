"""Commands whose help shows a flag as what it is: an option that takes no value."""

from typing import Any

from typer.core import TyperCommand, TyperGroup, TyperOption


class FlagCommand(TyperCommand):
    """A command; its help writes `--json`, and not `--json <bool>`."""

    def get_params(self, ctx: Any) -> list[Any]:
        """Return the parameters, the flags among them without a value to show."""
        return _bare(super().get_params(ctx))


class FlagGroup(TyperGroup):
    """A group of commands whose help does the same."""

    def get_params(self, ctx: Any) -> list[Any]:
        """Return the parameters, the flags among them without a value to show."""
        return _bare(super().get_params(ctx))


def _bare(params: list[Any]) -> list[Any]:
    for each in params:
        if isinstance(each, TyperOption) and each.is_flag:
            each.metavar = ""
    return params

"""Commands whose help shows a flag as what it is, and groups that do something by themselves."""

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


class DefaultGroup(FlagGroup):
    """A group whose command `show` is meant where no command is named."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put `show` in front where the first word names no command and asks for no help."""
        if not args or args[0] not in {*self.commands, *ctx.help_option_names}:
            args = ["show", *args]
        return super().parse_args(ctx, args)


def _bare(params: list[Any]) -> list[Any]:
    for each in params:
        if isinstance(each, TyperOption) and each.is_flag:
            each.metavar = ""
    return params

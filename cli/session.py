"""A command's session: what it is given to work with, made from what was typed."""

import getpass
import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import typer

from cli.address import LOCAL_PORT, Address, local_address, read_address
from cli.certificate import Certificate
from cli.errors import WrongInput
from cli.service import Service
from cli.token import local_token

if TYPE_CHECKING:
    from rich.console import Console

type Options = Mapping[str, Any]

_LONGEST_NAME = 200


@dataclass(frozen=True)
class Session:
    """What a command works with."""

    options: Options
    environment: Mapping[str, str] = field(default_factory=lambda: os.environ)

    @property
    def json(self) -> bool:
        """Whether the answer is to be printed as JSON."""
        return bool(self.options.get("json"))

    @cached_property
    def service(self) -> Service:
        """The service that the options name.

        Raises:
            WrongInput: they name none, or two.
        """
        address = self._address()
        local = self._is_local()
        return Service(
            address,
            by=_name(self.options.get("by") or (_user() if local else "")),
            scope="" if local else self.environment.get("SEATFLOW_SCOPE", "").strip(),
            token=local_token(self._port()) if local else "",
            certificate=None if local else self._certificate(),
            say=self.say,
        )

    def _certificate(self) -> Certificate | None:
        file = self._said("cert", "SEATFLOW_CERTIFICATE")
        key = self._said("key", "SEATFLOW_CERTIFICATE_KEY")
        if key and not file:
            raise WrongInput("A key without its certificate: give --cert, too.")
        return Certificate(file, key) if file else None

    def _said(self, option: str, variable: str) -> str:
        return str(self.options.get(option) or self.environment.get(variable, "")).strip()

    def _is_local(self) -> bool:
        return bool(self.options.get("local") or self.options.get("port"))

    def _port(self) -> int:
        return int(self.options.get("port") or LOCAL_PORT)

    def _address(self) -> Address:
        url = self.options.get("url")
        if self._is_local():
            if url:
                raise WrongInput("--url and --local name two services. Give one of them.")
            return local_address(self._port())
        url = url or self.environment.get("SEATFLOW_URL", "").strip()
        if not url:
            raise WrongInput("Which service? Give --url or --local, or set SEATFLOW_URL.")
        return read_address(url)

    @cached_property
    def console(self) -> "Console":
        """Standard output."""
        from cli.screen import screen

        return screen()

    def show(self, answer: Any, render: Callable[["Console"], None]) -> None:
        """Show an answer: as it came where JSON is asked for, else rendered for people."""
        if self.json:
            write_json(answer)
        else:
            render(self.console)

    def say(self, sentence: str) -> None:
        """Tell the person something that is no part of the answer."""
        typer.echo(sentence, err=True)


def write_json(answer: Any) -> None:
    """Write a value to standard output as a JSON document."""
    typer.echo(json.dumps(answer, indent=2, ensure_ascii=False))


def _user() -> str:
    try:
        return getpass.getuser()
    except OSError:
        return ""  # a container's user need not have a name


def _name(text: str) -> str:
    name = text.strip()
    if len(name) > _LONGEST_NAME or not name.isprintable():
        raise WrongInput(f"--by takes a name, one line of {_LONGEST_NAME} characters at most.")
    return name

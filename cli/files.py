"""Files that people write: a folder of policies, and JSON documents."""

import json
import sys
from pathlib import Path
from typing import Any

from cli.errors import WrongInput


def read_policy(folder: Path) -> dict[str, str]:
    """Return the policy files of a folder, by name: every `*.yaml` right in it.

    Raises:
        WrongInput: there is none, or one is not text, or would be left out by its name alone.
    """
    if not folder.is_dir():
        what = "is a file" if folder.exists() else "does not exist"
        raise WrongInput(f"{folder} {what}: expected a folder with *.yaml files.")
    try:
        files = sorted(file for file in folder.iterdir() if file.is_file())
    except OSError as error:
        raise WrongInput(f"{folder} cannot be read: {error.strerror}.") from None
    policies = [file for file in files if file.suffix.lower() in (".yaml", ".yml")]
    if other := [file.name for file in policies if file.suffix != ".yaml"]:
        raise WrongInput(f"Only *.yaml is read in {folder}. Rename {', '.join(other)}.")
    found = {file.name: _text(_bytes(file), str(file)) for file in policies}
    if not found:
        raise WrongInput(f"There is no *.yaml in {folder}.")
    return found


def read_json(file: str) -> Any:
    """Return what a JSON file says; `-` is standard input.

    Raises:
        WrongInput: it cannot be read, or is not JSON.
    """
    read = sys.stdin.buffer.read() if file == "-" else _bytes(Path(file))
    name = name_of(file)
    try:
        return json.loads(_text(read, name))
    except ValueError as error:
        raise WrongInput(f"{name} is not JSON: {error}.") from None
    except RecursionError:
        raise WrongInput(f"{name} is nested too deep.") from None


def name_of(file: str) -> str:
    """Return what a sentence calls a file that was named on the command line."""
    return "Standard input" if file == "-" else file


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise WrongInput(f"{file} cannot be read: {error.strerror}.") from None


def _text(read: bytes, name: str) -> str:
    try:
        # Editors on Windows put a byte order mark first.
        return read.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise WrongInput(f"{name} is not UTF-8 text: see byte {error.start + 1}.") from None

"""Read the policy files that the stack is to store, and refuse bad ones before anything starts."""

from pathlib import Path

from domain.bundle_text import read_files
from domain.errors import BundleError
from local.errors import StackError


def read_policies(folder: Path) -> dict[str, str]:
    """Return every *.yaml in a folder, file name -> text, in the order of their names.

    Raises:
        StackError: there is none, or any is bad; one line `file:line: sentence` for each problem.
    """
    files = sorted(folder.glob("*.yaml"))
    if not files:
        raise StackError(
            f"there is no *.yaml in {folder}: BUNDLES must name a folder with policies"
        )
    texts: dict[Path, str] = {}
    problems: list[str] = []
    for file in files:
        try:
            texts[file] = file.read_text(encoding="utf-8-sig")
        except UnicodeDecodeError:
            problems.append(f"{file}:1: Not UTF-8 text.")
    problems += _problems(texts)
    if problems:
        raise StackError("\n".join(problems))
    return {file.name: text for file, text in texts.items()}


def _problems(texts: dict[Path, str]) -> list[str]:
    """Check all of them together; problems name the files as they lie, for editors to open."""
    if not texts:
        return []
    try:
        read_files({str(file): text for file, text in texts.items()})
    except BundleError as error:
        return error.problems
    return []

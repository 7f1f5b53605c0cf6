"""Read the bundles that the stack is to store, and refuse bad ones before anything starts."""

from dataclasses import dataclass
from pathlib import Path

from domain.bundle import Bundle
from domain.bundle_text import check_together, read_bundles
from domain.errors import BundleError
from local.errors import StackError


@dataclass(frozen=True)
class Policy:
    """One bundle as it will be stored: its id, its text and the file it came from."""

    id: str
    text: str
    source: str


def read_policies(folder: Path) -> list[Policy]:
    """Read every *.yaml in a folder, in the order of their names.

    Raises:
        StackError: there is none, or any is bad; one line `file:line: sentence` for each problem.
    """
    problems: list[str] = []
    found: list[tuple[str, Bundle]] = []
    policies: list[Policy] = []
    files = sorted(folder.glob("*.yaml"))
    if not files:
        raise StackError(
            f"there is no *.yaml in {folder}: BUNDLES must name a folder with policies"
        )
    for file in files:
        try:
            text = file.read_text(encoding="utf-8")
            bundles = read_bundles(text, str(file))
        except UnicodeDecodeError:
            problems.append(f"{file}:1: Not UTF-8 text.")
        except BundleError as error:
            problems += error.problems
        else:
            found += [(str(file), bundle) for bundle in bundles]
            policies += _policies(text, str(file), bundles)
    _check_together(found, problems)
    if problems:
        raise StackError("\n".join(problems))
    return policies


def _policies(text: str, source: str, bundles: list[Bundle]) -> list[Policy]:
    """Keep the text of a bundle alone in its file; write out those that share one."""
    if len(bundles) == 1:
        return [Policy(bundles[0].id, text, source)]
    return [Policy(b.id, b.model_dump_json(exclude_unset=True), source) for b in bundles]


def _check_together(found: list[tuple[str, Bundle]], problems: list[str]) -> None:
    try:
        check_together(found)
    except BundleError as error:
        problems += error.problems

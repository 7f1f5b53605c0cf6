"""Why policy and person do not agree yet, and what comes next."""

from collections.abc import Iterator

from cli.answers.controls import Pause
from cli.answers.people import Explanation, Standing
from cli.screen import clean, when

_UNDER_WAY = {
    "decided": "The {} is decided and on its way.",
    "applied": "The {} is carried out; Entra does not show it everywhere yet.",
    "refused": "The {} came to nothing; it is tried again an hour after that at the earliest.",
    "failed": "The {} came to nothing; it is tried again an hour after that at the earliest.",
}
"""By the state of the last decision, where it is what policy still says."""


def delay(found: Explanation, standing: Standing) -> Iterator[str]:
    """Yield what stands between a person and what policy says; nothing where they agree."""
    yield from _of_bundle(standing)
    if standing.holds == standing.entitled:
        return
    if found.paused:
        yield _paused(found.paused)
    if said := _moving(standing):
        yield said
    elif standing.holds and standing.last_decision is None:
        yield "Seatflow did not add her; the bundle's `unmanaged` choice decides whether she stays."
    elif not _explained(found, standing):
        yield "The next compile decides, within minutes; `seatflow run` starts one now."


def _of_bundle(standing: Standing) -> Iterator[str]:
    if standing.waiting_for:
        yield f"Waits for: {standing.waiting_for}"
    if standing.held:
        yield f"The bundle is held: {standing.held}"
    if standing.mode == "dry-run":
        yield "The bundle is in a dry run: nothing of it is sent."


def _paused(pause: Pause) -> str:
    by = f"{pause.by} since {when(pause.at)}"
    return f"Everything is paused by {by}, so nothing is done until someone resumes: {pause.reason}"


def _moving(standing: Standing) -> str:
    wanted = "grant" if standing.entitled else "revoke"
    last = standing.last_decision
    if last is None or last.action != wanted:
        return ""
    return _UNDER_WAY.get(last.state, "").format(wanted)


def _explained(found: Explanation, standing: Standing) -> bool:
    """Tell whether what is said already keeps the next compile from changing anything."""
    waits = bool(standing.waiting_since or standing.leaving_since)
    stopped = bool(found.paused or standing.held) or standing.mode == "dry-run"
    return waits or stopped or bool(found.protected and standing.holds)


def lost(standing: Standing) -> str:
    """Return when and why Seatflow took a bundle from her, if that was its last decision."""
    last = standing.last_decision
    if last is None or last.action != "revoke":
        return ""
    return clean(f"Lost: {standing.bundle}, {when(last.updated_at)} ({last.state}): {last.reason}")

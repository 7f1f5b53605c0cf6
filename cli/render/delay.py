"""Why policy and person do not agree yet, and what comes next."""

from collections.abc import Iterator

from cli.answers.controls import Pause
from cli.answers.people import Decision, Explanation, Standing
from cli.render.failures import again
from cli.screen import clean, count, when

_NOT_YET = {
    "grant": "the license is not seen as Active yet",
    "revoke": "Entra still shows the license",
}
"""What is not so yet, by the last decision, where it was carried out."""
_IN_VAIN = ("refused", "failed", "waiting", "replayed")


def delay(person: str, found: Explanation, standing: Standing) -> Iterator[str]:
    """Yield what stands between a person and what policy says; nothing where they agree.

    Args:
        person: as she was asked for.
    """
    yield from _of_bundle(standing)
    moving = _moving(standing, person)
    if standing.holds == standing.entitled:
        if moving and standing.unfinished:
            yield moving
        return
    if found.paused:
        yield _paused(found.paused)
    if moving:
        yield moving
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


def _moving(standing: Standing, person: str) -> str:
    """Return how the last decision stands, where it is what policy still says, and is not done."""
    wanted = "grant" if standing.entitled else "revoke"
    last = standing.last_decision
    if last is None or last.action != wanted:
        return ""
    if last.state == "decided":
        return f"The {wanted} is decided and on its way."
    if last.state == "applied":
        return f"The {wanted} is carried out{_yet(last)}."
    if last.state in _IN_VAIN:
        why = f" ({last.error})" if last.error else ""
        tried = f", tried {count(last.tries, 'time')}" if last.tries else ""
        next_ = again(standing.again_at, last.state, person)
        return f"The {wanted} came to nothing{why}{tried}. {next_}"
    return ""


def _yet(last: Decision) -> str:
    since = when(last.updated_at)
    if last.error:
        return f"; asked again {since}, {_NOT_YET[last.action]} ({last.error})"
    return f" since {since}; {_NOT_YET[last.action]}"


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

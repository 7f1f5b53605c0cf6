"""What operators do: policy, controls, plans, replay and undo."""

import json

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from tests.unit.machine.base import Base
from tests.unit.machine.policies import VARIANTS

SWITCHED = ("two", "plain", "best")
KEEPING = (
    *(("one", "unmanaged", value) for value in ("keep", "adopt", "remove")),
    *(("plain", "grace", value) for value in ("0h", "1h", "1d")),
)


class Operators(Base):
    """Everything a person may do over HTTP, at any time and with a crash in it."""

    def __init__(self) -> None:
        super().__init__()
        self.ending: set[str] = set()
        """Runs that were undone and are not to be any more."""

    @rule(bundle=st.sampled_from(sorted(VARIANTS)), number=st.integers(0, 1))
    def push_a_policy(self, bundle: str, number: int) -> None:
        stored = self.run_now(self.stored())[bundle].bundle
        rule = VARIANTS[bundle][number].rule
        self._push(
            stored.model_dump(mode="json", exclude_defaults=True) | {"policy": {"rule": rule}}
        )

    @rule(bundle=st.sampled_from(SWITCHED), dry=st.booleans())
    def switch_to_a_dry_run_or_back(self, bundle: str, dry: bool) -> None:
        stored = self.run_now(self.stored())[bundle].bundle
        mode = "dry-run" if dry else "live"
        self._push(stored.model_dump(mode="json", exclude_defaults=True) | {"mode": mode})

    @rule(change=st.sampled_from(KEEPING))
    def change_whom_a_bundle_keeps(self, change: tuple[str, str, str]) -> None:
        bundle, field, value = change
        stored = self.run_now(self.stored())[bundle].bundle
        self._push(stored.model_dump(mode="json", exclude_defaults=True) | {field: value})

    def _push(self, document: dict[str, object]) -> None:
        files = {f"{document['id']}.yaml": json.dumps(document)}
        self.play(self.office.jobs.push(files, "ben", self.name("push")))

    @rule(paused=st.booleans())
    def pause_or_resume(self, paused: bool) -> None:
        jobs, run = self.office.jobs, self.name("resume")
        self.play(jobs.pause("ben", "audit") if paused else jobs.resume("ben", "done", run))

    @rule(data=st.data(), protect=st.booleans())
    def protect_or_not(self, data: st.DataObject, protect: bool) -> None:
        person, jobs = data.draw(st.sampled_from(self.people)), self.office.jobs
        if protect:
            self.play(jobs.protect(person, "ben", "on trial"))
        else:
            self.play(jobs.unprotect(person, "ben", "over", self.name("unprotect")))

    @precondition(lambda self: self.office.queue.pages)
    @rule(data=st.data(), how=st.sampled_from(["pause", "dry run", "protect"]))
    def stop_what_is_on_its_way(self, data: st.DataObject, how: str) -> None:
        """Just before a message comes; it stays on the queue, and comes again."""
        message = data.draw(st.sampled_from(self.office.queue.pages))
        page = self.run_now(self.office.ledger.page(message.bundle, message.page))
        if how == "pause":
            self.pause_or_resume(paused=True)
        elif how == "dry run":
            self.switch_to_a_dry_run_or_back(message.bundle, dry=True)
        elif page is not None:
            for change in page.pending():
                self.play(self.office.jobs.protect(change.person, "ben", "on trial"))
        self.play(self.office.deliver(message))

    @rule(release=st.booleans(), data=st.data())
    def decide_on_a_held_plan(self, release: bool, data: st.DataObject) -> None:
        """One that is not the newest any more, or that nobody may release, is refused politely."""
        jobs = self.office.jobs
        plans = [one.id for one in self.run_now(jobs.plans(None)) if one.state != "sent"]
        if not plans:
            return
        plan, run = data.draw(st.sampled_from(plans)), self.name("release")
        self.play(jobs.release(plan, "ada", run) if release else jobs.refuse(plan, "ada", "no"))

    @rule(data=st.data())
    def set_the_licenses_of_a_target(self, data: st.DataObject) -> None:
        if self.run_now(self.office.warehouse.latest()) is None:
            return
        found = self.run_now(self.office.jobs.licenses())
        if found:
            one, run = data.draw(st.sampled_from(found)), self.name("licenses")
            self.disturb()
            self.play(self.office.jobs.set_licenses(one.bundle, one.fingerprint, "ada", run))

    @rule(data=st.data(), everyone=st.booleans())
    def replay(self, data: st.DataObject, everyone: bool) -> None:
        who = [] if everyone else [data.draw(st.sampled_from(self.people))]
        run = self.name("replay")
        self.play(self.office.jobs.replay(None, who, everyone, "ben", "again", run))

    @precondition(lambda self: self.story.decided)
    @rule(data=st.data())
    def undo(self, data: st.DataObject) -> None:
        run = data.draw(st.sampled_from(self.story.runs()))
        self.play(self.office.jobs.undo(run, "ada", "a mistake", self.name("undo")))

    @precondition(lambda self: self.story.decided)
    @rule(data=st.data())
    def end_an_undoing(self, data: st.DataObject) -> None:
        run = data.draw(st.sampled_from(self.story.runs()))
        self.ending.add(run)
        self.play(self.office.jobs.end_undoing(run, "ada", "mended", self.name("end")))

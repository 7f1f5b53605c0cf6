"""Targets that look at every write the moment it is made, and let none pass that must not be."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from domain.bundle import Bundle
from domain.change import Action, Change
from domain.controls import Controls
from domain.jobs import Jobs
from domain.outcome import Outcome, Postponed
from tests.fakes.directory import FakeTargets
from tests.unit.machine.story import Story, Who
from tests.unit.office import Office


class Witness(FakeTargets):
    """The targets of an office; every promise about a single write is asserted here."""

    def __init__(self, office: Office, story: Story) -> None:
        super().__init__(office.tenant)
        self._office = office
        self._story = story
        self._promised: dict[Who, bool] = {}
        """Whether room was set aside for her when she was put off last."""
        self.written: set[Who] = set()
        """To whom we ever gave a bundle, whatever came of it."""
        office.targets = self
        office.ports = replace(office.ports, targets=self)
        office.jobs = Jobs(office.ports)

    def forget_answers(self) -> None:
        """Let nobody's next change end in an ordered way any more."""
        self._answers.clear()

    async def carry_out(
        self,
        target: str,
        changes: Sequence[Change],
        *,
        urgent: bool = False,
        reserved: bool = False,
    ) -> Mapping[str, Outcome]:
        bundle, controls = await self._live(target)
        self._story.listen()
        for change in changes:
            who = bundle.id, change.person
            latest = self._story.decided[who]
            assert latest is change.action, f"{who}: {change.action} after a later {latest}"
            if change.action is Action.REVOKE:
                assert change.person not in controls.protected, f"{who} is protected"
            else:
                self.written.add(who)
            assert self._promised.get(who) or not reserved, f"{who}: no room was set aside"
        done = await super().carry_out(target, changes, urgent=urgent, reserved=reserved)
        for person, outcome in done.items():
            kept = isinstance(outcome, Postponed) and outcome.reserved
            self._promised[bundle.id, person] = kept
        return done

    async def reprocess(self, people: Sequence[str]) -> Mapping[str, Outcome]:
        assert (await self._controls()).pause is None
        known = {person for _, person in self._story.told}
        assert known.issuperset(people)
        return await super().reprocess(people)

    async def take_direct(self, people: Mapping[str, Sequence[str]]) -> Mapping[str, Outcome]:
        controls = await self._controls()
        assert controls.pause is None
        for person, skus in people.items():
            assert person not in controls.protected
            ours = {each.sku for each in self.tenant.states(person) if each.group and each.active}
            assert ours.issuperset(skus), f"{person} would lose what no group gives her"
        return await super().take_direct(people)

    async def license(self, target: str, licenses: Mapping[str, Sequence[str]]) -> Outcome:
        await self._live(target)
        return await super().license(target, licenses)

    async def _live(self, target: str) -> tuple[Bundle, Controls]:
        """Return whose target it is; assert that it may be written now."""
        stored = [each.bundle for each in await self._office.bundles.all()]
        bundle = next((each for each in stored if each.target.group == target), None)
        assert bundle is not None, f"{target} is the target of no bundle"
        assert bundle.mode == "live", f"{bundle.id} was written in a dry run"
        controls = await self._controls()
        assert controls.pause is None, f"{bundle.id} was written during a pause"
        return bundle, controls

    async def _controls(self) -> Controls:
        return await self._office.switches.read()

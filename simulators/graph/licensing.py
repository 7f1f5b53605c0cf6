"""The licensing engine: in the background, group licenses become users' licenses.

Errors are not tried again until somebody reprocesses the user, or a membership or license of
theirs changes (Entra docs, group-based licensing: resolve problems).
"""

import asyncio
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass

from simulators.graph.changes import Moved
from simulators.graph.clock import Clock, timestamp, wait_until
from simulators.graph.directory import Directory
from simulators.graph.licensing_rules import Market, assigned_licenses, settle
from simulators.graph.seats import Seats
from simulators.graph.settings import Settings
from simulators.graph.wire import JsonObject

SLICE = 200  # users settled before others get a turn


@dataclass(frozen=True, slots=True)
class Job:
    """Settle these users at `due`; `group_id` is the group whose licenses changed, if one did.

    `asked`: somebody asked for it, nothing else happened.
    """

    due: float
    user_ids: tuple[str, ...]
    group_id: str | None = None
    asked: bool = False


class Licensing:
    """Settles users."""

    def __init__(
        self, directory: Directory, seats: Seats, settings: Settings, clock: Clock
    ) -> None:
        self._directory = directory
        self._seats = seats
        self._settings = settings
        self._clock = clock
        self._jobs: deque[Job] = deque()
        self.ordered: dict[str, dict[str, str]] = {}  # user id -> product -> error to happen
        self._wake = asyncio.Event()
        clock.wakes(self._wake)
        directory.listeners.append(self._heard)

    def market(self, *, asked: bool = False) -> Market:
        """Return what the decisions need to know."""
        return Market(
            self._directory.skus,
            self._settings.license_rules,
            self._seats.free,
            timestamp(self._clock.now()),
            restamp_errors=asked and self._settings.reprocess_moves_date,
        )

    # Loading

    def load(self) -> None:
        """Take group licenses of a loaded tenant as processed, in order, until seats run out."""
        self._jobs.clear()
        self.ordered.clear()
        self._seats.clear()
        for user_id, user in self._directory.users.items():
            states = _stated(user)
            self._directory.users[user_id] = user | _licenses(states) if states else user
            self._seats.account(user_id, [], states)
        for group_id in self._directory.shelves["groups"].order:
            self._load_group(group_id)

    def _load_group(self, group_id: str) -> None:
        group = self._directory.groups[group_id]
        licenses = {held["skuId"] for held in group.get("assignedLicenses", ())}
        if not licenses:
            return
        group = {"licenseProcessingState": {"state": "ProcessingComplete"}} | group
        self._directory.groups[group_id] = group
        market = self.market()
        for user_id in self._directory.members[group_id]:
            user = self._directory.users.get(user_id)
            if user is None:
                continue
            states = user.get("licenseAssignmentStates", [])
            given = {state["skuId"] for state in states if state["assignedByGroup"] == group_id}
            if licenses - given:
                new = self._settled(user, market)
                self._directory.users[user_id] = user | _licenses(new)
                self._seats.account(user_id, states, new)

    # Events

    def _heard(self, moved: Moved) -> None:
        if moved.kind == "users":
            self._heard_of_user(moved)
        elif moved.added or moved.removed:
            if self._directory.groups.get(moved.object_id, {}).get("assignedLicenses"):
                self._later(Job(self._due(), (*moved.added, *moved.removed)))
        elif moved.fields and "assignedLicenses" in moved.fields:
            members = tuple(self._directory.members[moved.object_id])
            self._directory.update(
                "groups",
                moved.object_id,
                {"licenseProcessingState": {"state": "QueuedForProcessing"}},
            )
            self._later(Job(self._due(), members, moved.object_id))

    def _heard_of_user(self, moved: Moved) -> None:
        user_id = moved.object_id
        if user_id in self._directory.deleted:
            states = self._directory.deleted[user_id].item.get("licenseAssignmentStates", [])
            self._seats.account(user_id, states, [])
        elif moved.fields is None and user_id in self._directory.users:
            self._come_back(user_id)

    def _come_back(self, user_id: str) -> None:
        """A restored user takes the direct seats that are still there; groups follow later."""
        user = self._directory.users[user_id]
        states = user.get("licenseAssignmentStates", [])
        direct = [
            state
            for state in states
            if state["assignedByGroup"] is None and self._seats.free(state["skuId"]) > 0
        ]
        if states:
            self._seats.account(user_id, [], direct)
            self._directory.users[user_id] = user | _licenses(direct)

    def reprocess(self, user_ids: Iterable[str]) -> None:
        """Settle users again, as an administrator may ask."""
        self._later(Job(self._due(), tuple(user_ids), asked=True))

    def set_direct(self, user_id: str, direct: list[JsonObject]) -> None:
        """Give a user these direct licenses now; what groups give is settled again later."""
        user = self._directory.users[user_id]
        old = user.get("licenseAssignmentStates", [])
        inherited = [state for state in old if state["assignedByGroup"] is not None]
        self._apply(user_id, [*direct, *inherited])
        self._later(Job(self._due(), (user_id,)))

    @property
    def pending(self) -> int:
        """How many users wait to be settled."""
        return sum(len(job.user_ids) for job in self._jobs)

    def _due(self) -> float:
        return self._clock.now() + self._settings.license_delay

    def _later(self, job: Job) -> None:
        self._jobs.append(job)
        self._wake.set()

    # Work

    async def run(self) -> None:
        """Work off the jobs as they fall due, for ever."""
        while True:
            moment = self._jobs[0].due if self._jobs else None
            if moment is not None and moment <= self._clock.now():
                await self._work(self._jobs[0])
                continue
            await wait_until(self._clock, moment, self._wake)

    async def _work(self, job: Job) -> None:
        self._set_processing(job.group_id, "ProcessingInProgress")
        market = self.market(asked=job.asked)
        for number, user_id in enumerate(job.user_ids, start=1):
            user = self._directory.users.get(user_id)
            if user is not None:
                self._apply(user_id, self._settled(user, market))
            if number % SLICE == 0:
                await asyncio.sleep(0)
        self._set_processing(job.group_id, "ProcessingComplete")
        if self._jobs and self._jobs[0] is job:
            self._jobs.popleft()

    def _set_processing(self, group_id: str | None, state: str) -> None:
        if group_id is not None and group_id in self._directory.groups:
            self._directory.update("groups", group_id, {"licenseProcessingState": {"state": state}})

    def _settled(self, user: JsonObject, market: Market) -> list[JsonObject]:
        groups = [
            group
            for group_id in self._directory.groups_of(user["id"])
            if (group := self._directory.groups.get(group_id)) and group.get("assignedLicenses")
        ]
        country = self._directory.organization.get("countryLetterCode") or ""
        location = user.get("usageLocation") or country
        ordered = self.ordered.get(user["id"])
        return settle(user.get("licenseAssignmentStates", ()), groups, location, market, ordered)

    def _apply(self, user_id: str, states: list[JsonObject]) -> None:
        old = self._directory.users[user_id].get("licenseAssignmentStates", [])
        if states == old:
            return
        self._seats.account(user_id, old, states)
        self._directory.update("users", user_id, _licenses(states))


def _licenses(states: list[JsonObject]) -> JsonObject:
    return {
        "licenseAssignmentStates": states,
        "assignedLicenses": assigned_licenses(states),
    }


def _stated(user: JsonObject) -> list[JsonObject]:
    """Return the states a loaded user comes with; bare assignedLicenses count as direct."""
    states = [
        {"disabledPlans": [], "assignedByGroup": None, "state": "Active", "error": "None"} | state
        for state in user.get("licenseAssignmentStates", ())
    ]
    stated = {state["skuId"] for state in states}
    bare = [held for held in user.get("assignedLicenses", ()) if held["skuId"] not in stated]
    return states + [direct_state(held, user.get("createdDateTime")) for held in bare]


def direct_state(held: JsonObject, since: str | None) -> JsonObject:
    """Return the assignment state of a direct license."""
    return {
        "skuId": held["skuId"],
        "disabledPlans": held.get("disabledPlans", []),
        "assignedByGroup": None,
        "state": "Active",
        "error": "None",
        "lastUpdatedDateTime": since,
    }

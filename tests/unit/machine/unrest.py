"""What happens in the tenant: people move, seats come and go, somebody does things by hand."""

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from domain.outcome import LicenseError, Outcome, Postponed, Refused
from tests.unit.machine.base import SEATS, Base
from tests.unit.machine.policies import FIELDS

BUNDLES = st.sampled_from(sorted(FIELDS))
ANSWERS: list[Outcome] = [
    Postponed(30.0, "Graph is busy."),
    Postponed(400.0, "Graph is busy."),
    Postponed(60.0, "The quota is used up.", tried=False, reserved=True),
    Refused("The group is full.", "Raise its quota."),
]
MOST_PEOPLE = 7


class Unrest(Base):
    """The world does not wait."""

    def __init__(self) -> None:
        super().__init__()
        self.spoilt: set[tuple[str, str]] = set()
        """(person, skuId)."""
        self.new_plans: dict[str, set[str]] = {}
        """Service plans that appeared, by skuId."""

    def someone(self, data: st.DataObject) -> str:
        """Choose one of the people."""
        return data.draw(st.sampled_from(self.people))

    @rule(
        data=st.data(),
        department=st.sampled_from(["Sales", "IT"]),
        country=st.sampled_from(["Kenya", "Chile"]),
        title=st.sampled_from(["Boss", None]),
    )
    def move(self, data: st.DataObject, department: str, country: str, title: str | None) -> None:
        self.office.tenant.move(
            self.someone(data), department=department, country=country, jobTitle=title
        )

    @precondition(lambda self: len(self.people) < MOST_PEOPLE)
    @rule(department=st.sampled_from(["Sales", "IT"]), country=st.sampled_from(["Kenya", None]))
    def hire(self, department: str, country: str | None) -> None:
        """Newly hired people hold nothing, so theirs is urgent."""
        person = self.run_now(self.office.hire(self.name("New"), department))
        self.office.tenant.move(person, country=country)
        self.people.append(person)

    @rule(data=st.data(), bundle=BUNDLES, error=st.sampled_from(LicenseError))
    def spoil(self, data: st.DataObject, bundle: str, error: LicenseError) -> None:
        """Entra will fail to give this person this product, as long as nobody mends it."""
        person = self.someone(data)
        self.office.tenant.spoil_license(person, self.sku(bundle), error)
        self.spoilt.add((person, self.sku(bundle)))
        self.disturb()

    @precondition(lambda self: self.spoilt)
    @rule(data=st.data())
    def mend(self, data: st.DataObject) -> None:
        person, sku = data.draw(st.sampled_from(sorted(self.spoilt)))
        self.office.tenant.mend_license(person, sku)
        self.spoilt.discard((person, sku))
        self.disturb()

    @rule(slow=st.booleans())
    def let_entra_be_slow_or_not(self, slow: bool) -> None:
        tenant = self.office.tenant
        if slow:
            tenant.pause_licensing()
        else:
            tenant.resume_licensing()

    @rule(seats=st.integers(SEATS - 2, SEATS + 2))
    def buy_or_lose_seats(self, seats: int) -> None:
        self.office.tenant.set_seats(self.scarce, seats)
        self.disturb()

    @rule(data=st.data(), bundle=BUNDLES)
    def put_in_by_hand(self, data: st.DataObject, bundle: str) -> None:
        person = self.someone(data)
        self.office.tenant.join(self.group(bundle), person)
        self.by_hand.add((bundle, person))
        self.disturb()

    @rule(data=st.data(), bundle=BUNDLES)
    def take_out_by_hand(self, data: st.DataObject, bundle: str) -> None:
        person = self.someone(data)
        self.office.tenant.leave(self.group(bundle), person)
        self.by_hand.add((bundle, person))
        self.left_by_hand.add((bundle, person))
        self.disturb()

    @rule(bundle=BUNDLES, how=st.sampled_from(["nothing", "everything"]))
    def license_a_group_by_hand(self, bundle: str, how: str) -> None:
        """Somebody takes the product off the group, or turns on every service plan."""
        licenses: dict[str, tuple[str, ...]] = {self.sku(bundle): ()}
        self.office.tenant.change_group(
            self.group(bundle), licenses={} if how == "nothing" else licenses
        )
        self.disturb()

    @rule(bundle=BUNDLES)
    def let_a_service_plan_appear(self, bundle: str) -> None:
        sku = self.sku(bundle)
        plans = self.new_plans.setdefault(sku, set())
        plans.add(f"00000000-0000-4000-8000-{len(self.new_plans):04}{len(plans):08}")
        self.office.tenant.add_plans(sku, {plan: f"PLAN_{plan[-3:]}" for plan in plans})

    @rule(data=st.data())
    def license_directly(self, data: st.DataObject) -> None:
        """Somebody gives a person directly what the better bundle has for her too."""
        self.office.tenant.assign(self.someone(data), self.sku("best"))

    @rule(data=st.data(), answer=st.sampled_from(ANSWERS))
    def let_graph_answer(self, data: st.DataObject, answer: Outcome) -> None:
        """The next change for a person is put off, or refused."""
        self.witness.answer(self.someone(data), answer)

"""What runs: inventories, compiles, messages in any order, twice, late or never, and crashes."""

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from domain.concurrency import both
from domain.message import hint_message, page_message
from domain.ports import DeadLetter, Hint
from tests.fakes.queue import SentHint, SentPage
from tests.unit.machine.base import Base
from tests.unit.webhooks import body, group, item, person

CRASHES = [
    ("ledger", "decide"),
    ("ledger", "record"),
    ("ledger", "note"),
    ("ledger", "undo"),
    ("ledger", "mark_sent"),
    ("ledger", "keep_head"),
    ("ledger", "wait"),
    ("ledger", "leave"),
    ("queue", "send_pages"),
    ("queue", "send_hints"),
    ("targets", "carry_out"),
    ("targets", "reprocess"),
    ("targets", "take_direct"),
    ("targets", "license"),
    ("plans", "keep"),
    ("plans", "mark"),
    ("runs", "keep"),
    ("warehouse", "swap"),
    ("warehouse", "see"),
    ("warehouse", "adopt"),
    ("directory", "close_up"),
    ("directory", "persons"),
    ("notices", "keep"),
    ("notices", "follow"),
    ("notices", "note_compiled"),
    ("directory", "licenses"),
    ("bundles", "put"),
    ("switches", "use"),
]


class Traffic(Base):
    """Timers fire, messages come, processes die."""

    def __init__(self) -> None:
        super().__init__()
        self.delivered: list[SentPage] = []
        self.followed: list[SentHint] = []

    @rule()
    def run(self) -> None:
        self.play(self.office.run())

    @rule()
    def compile(self) -> None:
        """On the inventory there is, whatever has happened since."""
        self.play(self.office.jobs.compile(self.name("compile")))

    @rule(data=st.data())
    def compile_while_someone_is_looked_at(self, data: st.DataObject) -> None:
        """Both want the turn, and the compile gives way between two bundles."""
        hint = Hint(people=(data.draw(st.sampled_from(self.people)),))
        look = self.office.jobs.recompile(hint_message(hint), self.name("hint"))
        self.play(both(self.office.jobs.compile(self.name("compile")), look))

    @rule()
    def have_a_good_day(self) -> None:
        """All goes well for once, but for a crash that was ordered."""
        self.play(self._good_day())

    async def _good_day(self) -> None:
        await self.office.run()
        await self.office.deliver_all()
        await self.office.jobs.confirm()
        self.office.clock.advance(300)

    @rule(data=st.data())
    def notice(self, data: st.DataObject) -> None:
        """A webhook comes, about anyone and any target; nothing that moves is sure to have one.

        It may be early, late, a repeat, or about what never happened.
        """
        someone, target = st.sampled_from(self.people), st.sampled_from(sorted(self.offers))
        told = data.draw(
            st.lists(
                st.one_of(
                    someone.map(person),
                    target.map(self.group).map(group),
                    st.builds(group, target.map(self.group), someone),
                    st.builds(
                        lambda target, who: group(target, left=(who,)),
                        target.map(self.group),
                        someone,
                    ),
                ),
                min_size=1,
                max_size=3,
            )
        )
        items = [item(self.office, each) for each in told]
        self.play(self.office.jobs.notified(body(*items), self.name("call")))

    @rule(data=st.data())
    def look_at_someone(self, data: st.DataObject) -> None:
        hint = Hint(people=(data.draw(st.sampled_from(self.people)),))
        self.play(self.office.jobs.recompile(hint_message(hint), self.name("hint")))

    @precondition(lambda self: self.office.notices.all)
    @rule()
    def follow_notices(self) -> None:
        """Whatever became of the hint: there is another one, or the sweeper's."""
        self.play(self.office.jobs.recompile(hint_message(Hint(notices=True)), self.name("hint")))

    @precondition(lambda self: self.office.queue.hints)
    @rule(data=st.data())
    def follow(self, data: st.DataObject) -> None:
        sent = data.draw(st.sampled_from(self.office.queue.hints))
        self.followed.append(sent)
        if self.play(self.office.jobs.recompile(hint_message(sent.hint), sent.message)):
            self.office.queue.hints.remove(sent)

    @precondition(lambda self: self.followed)
    @rule(data=st.data())
    def follow_again(self, data: st.DataObject) -> None:
        sent = data.draw(st.sampled_from(self.followed))
        self.play(self.office.jobs.recompile(hint_message(sent.hint), sent.message))

    @precondition(lambda self: self.office.queue.pages)
    @rule(data=st.data())
    def deliver(self, data: st.DataObject) -> None:
        """Any message, whatever its turn; one that crashes stays on the queue."""
        message = data.draw(st.sampled_from(self.office.queue.pages))
        self.delivered.append(message)
        if self.play(self.office.deliver(message)):
            self.office.queue.pages.remove(message)

    @precondition(lambda self: self.office.queue.pages)
    @rule()
    def deliver_everything(self) -> None:
        self.delivered += self.office.queue.pages
        self.play(self.office.deliver_all())

    @precondition(lambda self: self.delivered)
    @rule(data=st.data())
    def deliver_again(self, data: st.DataObject) -> None:
        self.play(self.office.deliver(data.draw(st.sampled_from(self.delivered))))

    @precondition(lambda self: self.office.queue.pages or self.office.queue.hints)
    @rule(data=st.data())
    def lose(self, data: st.DataObject) -> None:
        queue = self.office.queue
        messages: list[SentPage | SentHint] = [*queue.pages, *queue.hints]
        lost = data.draw(st.sampled_from(messages))
        if isinstance(lost, SentPage):
            queue.pages.remove(lost)
        else:
            queue.hints.remove(lost)

    @precondition(lambda self: self.office.queue.pages)
    @rule(data=st.data())
    def bury(self, data: st.DataObject) -> None:
        """The broker gives a message up."""
        queue = self.office.queue
        message = data.draw(st.sampled_from(queue.pages))
        queue.pages.remove(message)
        body = page_message(message.bundle, message.page).decode()
        queue.dead.append(DeadLetter("fulfillment", message.message, body, "locks were lost"))
        self.play(self.office.jobs.bury_dead_letters())

    @rule()
    def confirm(self) -> None:
        self.play(self.office.jobs.confirm())

    @rule(seconds=st.sampled_from([1, 61, 200, 2_000, 20_000]))
    def pass_time(self, seconds: int) -> None:
        self.office.clock.advance(seconds)
        self.play(self.office.jobs.sweep())

    @rule(crash=st.sampled_from(CRASHES), before=st.booleans())
    def order_a_crash(self, crash: tuple[str, str], before: bool) -> None:
        getattr(self.office, crash[0]).fail_next(crash[1], before=before)

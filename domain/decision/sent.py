"""What was sent lately and what is about to be, measured against a limit."""

from dataclasses import dataclass

from domain.decision.limits import Limit


@dataclass(frozen=True, slots=True)
class Sent:
    """Changes of one kind: in the plan, and already sent in the last hour and day."""

    now: int
    hour: int
    day: int

    def __add__(self, other: "Sent") -> "Sent":
        return Sent(self.now + other.now, self.hour + other.hour, self.day + other.day)


def over_share(sent: Sent, holders: int, limit: Limit) -> str | None:
    """Say how a limit on the share of holders, or on the count, is passed; None when it is not.

    The share counts over 24 hours, so that many small plans weigh as much as one large one.
    """
    if limit.count is not None and sent.now > limit.count:
        return f"{sent.now} at once; the limit is {limit.count}"
    if limit.percent is None:
        return None
    allowed = max(limit.floor, int(holders * limit.percent / 100))
    total = sent.now + sent.day
    if total <= allowed:
        return None
    share = f" ({100 * total / holders:.0f} %)" if holders else ""
    lately = f", {sent.day} of them already in the last 24 hours" if sent.day else ""
    return (
        f"{total} for {holders} holders{share}{lately}; the limit is {allowed}"
        f" ({limit.percent:g} %, at least {limit.floor})"
    )


def over_budget(sent: Sent, limit: Limit) -> str | None:
    """Say how a budget per hour or per day is passed; None when it is not."""
    for budget, before, span in (
        (limit.per_hour, sent.hour, "1 hour"),
        (limit.per_day, sent.day, "24 hours"),
    ):
        if budget is not None and sent.now + before > budget:
            if sent.now > budget:
                return f"{sent.now} now, more than the whole budget of {budget} in {span}"
            return (
                f"{sent.now} now and {before} in the last {span}; the budget is {budget} in {span}"
            )
    return None

"""`seatflow release` and `seatflow refuse`: a person's word on exactly one plan."""

import typer

from cli.commands.terms import PlanId, Reason, Wait
from cli.errors import NOT_IN_ORDER
from cli.options import command
from cli.session import Session
from cli.wait import until


@command
def release(session: Session, id: PlanId, wait: Wait = False) -> None:
    """Approve exactly what a held plan shows, and have it sent if it still comes to the same."""
    from cli.answers import understand
    from cli.answers.plans import Plan
    from cli.render.plans import decided

    answer = session.service.ask("POST", "plans", id, "release", body={})
    if wait:
        session.say(f"Plan {id} is released. Waiting for the compile that sends it.")
        answer = until(
            lambda: session.service.ask("GET", "plans", id),
            lambda seen: understand(Plan, seen).state != "released",
            f"No compile has decided about plan {id} yet: see `seatflow plan show {id}`.",
        )
    plan = understand(Plan, answer)
    session.show(answer, lambda console: decided(console, plan))
    if wait and plan.state != "sent":
        raise typer.Exit(NOT_IN_ORDER)


@command
def refuse(session: Session, id: PlanId, reason: Reason) -> None:
    """Refuse what a held plan shows; it stays held until it comes out differently."""
    from cli.answers import understand
    from cli.answers.plans import Plan
    from cli.render.plans import decided

    answer = session.service.ask("POST", "plans", id, "refuse", body={"reason": reason})
    plan = understand(Plan, answer)
    session.show(answer, lambda console: decided(console, plan))

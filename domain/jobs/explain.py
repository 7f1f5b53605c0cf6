"""Explain: what a person holds, waits for and is denied, and why."""

from dataclasses import replace

from domain.decision.difference import differences_of
from domain.explanation import Explanation, Standing, better_than, standing, with_path
from domain.inventory.accounts import accounts_of, with_accounts
from domain.inventory.reading import as_read_by
from domain.inventory.snapshot import Snapshot
from domain.jobs.gather import every_bundle, know_all, terms_of
from domain.jobs.product_names import product_names
from domain.jobs.replies import lay_replies
from domain.jobs.wanted import look_at
from domain.ports import Ports
from domain.watching.closeup import close_up


async def explain(ports: Ports, name: str, bundle: str | None = None) -> Explanation | None:
    """Gather everything known about one person; None when there is no such person, or bundle.

    Args:
        name: object id, user principal name or mail address.
        bundle: look at this one only.

    Raises:
        Later: Graph or the storage cannot answer now.
    """
    began = ports.clock.now()
    person = await ports.directory.find_person(name)
    bundles = await every_bundle(ports)
    if person is None or (bundle is not None and bundle not in {one.id for one in bundles}):
        return None
    view = (await look_at(ports, [person], bundles))[person]
    if view is None:
        return None
    groups = await ports.directory.find_groups({g for b in bundles for g in b.groups()})
    snapshot = close_up([view], groups, await ports.directory.products(), began)
    shown = [one for one in bundles if bundle in (None, one.id)]
    terms = await terms_of(ports)
    snapshot = await lay_replies(ports, bundles, terms.tenant, snapshot)
    known, now = await know_all(ports, bundles), ports.clock.now()
    differences, blocked = differences_of(bundles, known, snapshot, terms, now)
    decided = {each.bundle.id: each for each in differences} | blocked
    snapshot = as_read_by(terms.tenant, snapshot)
    whole = await ports.warehouse.latest()
    accounts = accounts_of(person, whole, terms.tenant, began)
    told: list[Standing] = []
    for one in shown:
        mine = replace(known[one.id], rows=await ports.ledger.rows(one.id, [person]))
        better = better_than(one, bundles)
        each = standing(mine, decided[one.id], better, snapshot, view, terms, now)
        each = with_accounts(each, one, accounts)
        told.append(with_path(each, one, view, whole))
    held = tuple(sorted(_part_number(sku, snapshot) for sku in view.person.products))
    return Explanation(
        id=person,
        read_at=began.isoformat(),
        protected=terms.controls.protected.get(person),
        paused=terms.controls.pause,
        products=held,
        product_names=await product_names(ports, held),
        bundles=tuple(told),
        accounts=accounts,
    )


def _part_number(sku: str, snapshot: Snapshot) -> str:
    product = snapshot.products.get(sku)
    return product.part_number if product else sku

"""Store a bundle: validate all of it, against the tenant too where an inventory exists."""

from domain.bundle import Bundle
from domain.bundle_text import read_bundles
from domain.errors import BundleError
from domain.ports import Ports
from domain.records import StoredBundle
from domain.snapshot import Snapshot


async def store_bundle(ports: Ports, bundle_id: str, text: str, by: str) -> StoredBundle:
    """Validate one bundle's YAML or JSON and store it with history; a bad one changes nothing.

    Raises:
        BundleError: what is wrong, one sentence per problem with its line.
        Conflict: someone else stored a version meanwhile.
    """
    source = f"{bundle_id}.yaml"
    bundles = read_bundles(text, source)
    if len(bundles) != 1 or bundles[0].id != bundle_id:
        found = ", ".join(bundle.id for bundle in bundles)
        raise BundleError([f"{source}:1: Expected the bundle {bundle_id} alone, found {found}."])
    snapshot = await ports.warehouse.latest()
    if snapshot is not None:
        problems = misfits(bundles[0], snapshot)
        if problems:
            raise BundleError([f"{source}:1: {problem}" for problem in problems])
    before = await ports.bundles.get(bundle_id)
    if before is not None and before.bundle.target != bundles[0].target:
        # People at the old target would keep the license, and no one would look after them.
        raise BundleError(
            [
                f"{source}:1: target: A stored bundle keeps its target"
                f" ({before.bundle.target.group}). Store a new bundle instead."
            ]
        )
    stored = await ports.bundles.put(bundles[0], by, ports.clock.now())
    ports.log.note("bundle.stored", bundle=bundle_id, version=stored.version)
    return stored


def misfits(bundle: Bundle, snapshot: Snapshot) -> list[str]:
    """Return what a bundle names that the tenant does not have, or that cannot be its target."""
    target = snapshot.groups.get(bundle.target.group)
    unfit = (
        target.unfit_as_target()
        if target
        else f"Target group {bundle.target.group} does not exist in the tenant."
    )
    return [
        *([unfit] if unfit else []),
        *(
            f"Source group {group} does not exist in the tenant."
            for group in bundle.policy.source_groups()
            if group not in snapshot.groups
        ),
        *(
            f"The tenant has no subscription for product {sku}."
            for sku in bundle.skus()
            if sku not in snapshot.products
        ),
    ]

"""The jobs around what is written down as policy: a part of `Jobs`."""

from collections.abc import Mapping
from dataclasses import replace

from domain.decision.effect import Effect
from domain.history import with_changes
from domain.jobs.names import names_of
from domain.jobs.product_names import product_names
from domain.jobs.push import Linted, Pushed, lint_files, push, store_bundle
from domain.jobs.whatif import whatif
from domain.ports import Ports
from domain.records import StoredBundle, StoredTenant


class Governing:
    """Everything that is asked of bundles and of the tenant's policy, or done to them."""

    _ports: Ports

    async def bundles(self) -> list[StoredBundle]:
        """List the stored bundles."""
        return await self._ports.bundles.all()

    async def bundle(self, bundle: str) -> StoredBundle | None:
        """Return one bundle, or None."""
        return await self._ports.bundles.get(bundle)

    async def bundle_history(self, bundle: str) -> list[StoredBundle] | None:
        """Return every version of a bundle, newest first, or None."""
        return with_changes(await self._ports.bundles.history(bundle)) or None

    async def store_bundle(self, bundle: str, text: str, by: str, run: str) -> StoredBundle | None:
        """Validate and store one bundle, and compile under the id `run`."""
        return await store_bundle(self._ports, bundle, text, by, run)

    async def push(self, files: Mapping[str, str], by: str, run: str) -> Pushed:
        """Validate and store every bundle in the files, or nothing; compile under the id `run`."""
        return await push(self._ports, files, by, run)

    async def lint(self, files: Mapping[str, str]) -> Linted:
        """Say what is wrong or suspicious about a candidate policy."""
        return await lint_files(self._ports, files)

    async def whatif(self, files: Mapping[str, str]) -> Effect:
        """Say what a candidate policy would change; nothing is written."""
        effect = await whatif(self._ports, files)
        part_numbers = [each.part_number for each in effect.products]
        return replace(
            effect,
            names=await names_of(self._ports, effect.people()),
            product_names=await product_names(self._ports, part_numbers),
        )

    async def tenant(self) -> StoredTenant | None:
        """Return the tenant's policy, or None before the first."""
        return await self._ports.bundles.tenant()

    async def tenant_history(self) -> list[StoredTenant]:
        """Return every version of the tenant's policy, newest first."""
        return with_changes(await self._ports.bundles.tenant_history())

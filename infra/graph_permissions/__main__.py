"""The command line: see the package."""

import argparse
import asyncio
import os
import sys
from collections.abc import Sequence
from urllib.parse import urlsplit

from azure.core.credentials_async import AsyncTokenCredential

from adapters.credential import StaticToken, identity
from adapters.graph.connection import Connection
from adapters.graph.deletions import is_object_id
from domain.errors import SeatflowError
from domain.permissions import FEATURES, features, needed_by
from infra.graph_permissions.owned import not_owned, own
from infra.graph_permissions.plan import plan_of
from infra.graph_permissions.tenant import Tenant

ENDPOINT = "https://graph.microsoft.com/v1.0"
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


def main(arguments: Sequence[str]) -> int:
    """Run the command and return its exit code: 0 fine, 2 wrong use, 3 refused."""
    asked = _parser().parse_args(arguments)
    for option, id in (("--identity", asked.identity), *(("--owner-of", g) for g in asked.groups)):
        if not is_object_id(id):
            print(f"{option} takes an object id, not {id!r}.", file=sys.stderr)
            return 2
    try:
        asyncio.run(_run(asked))
    except SeatflowError as error:
        print(error, file=sys.stderr)
        return 3
    return 0


def _parser() -> argparse.ArgumentParser:
    on = ", ".join(name for name, each in FEATURES.items() if each.on)
    parser = argparse.ArgumentParser(
        prog="python -m infra.graph_permissions",
        description="Give the app's identity the Graph permissions its features need, no others.",
        epilog=f"Features that are on unless you say otherwise: {on}."
        f" All of them: {', '.join(FEATURES)}. docs/security.md says what each is for.",
    )
    parser.add_argument(
        "--identity",
        default=os.environ.get("SEATFLOW_IDENTITY", ""),
        help="object id of the managed identity; SEATFLOW_IDENTITY without it",
    )
    parser.add_argument(
        "--with", dest="more", action="append", default=[], metavar="FEATURE", help="also this one"
    )
    parser.add_argument(
        "--without", dest="fewer", action="append", default=[], metavar="FEATURE", help="not this"
    )
    parser.add_argument(
        "--owner-of",
        dest="groups",
        action="append",
        default=[],
        metavar="GROUP",
        help="make the identity an owner of this license group; go with --without members",
    )
    parser.add_argument("--yes", action="store_true", help="do it; without this it is only shown")
    return parser


async def _run(asked: argparse.Namespace) -> None:
    needed = needed_by(features(asked.more, asked.fewer))
    endpoint = os.environ.get("GRAPH_ENDPOINT", ENDPOINT)
    credential = _credential(endpoint)
    connection = Connection(endpoint, credential, tries=3, patience=30)
    try:
        tenant = Tenant(endpoint, connection, asked.identity)
        await tenant.open()
        plan = plan_of(needed, await tenant.assignments())
        unowned = await not_owned(tenant, asked.groups)
        _say(*plan.lines(), *(f"+ owner   {group}" for group in unowned))
        if plan.empty and not unowned:
            _say("All is as it should be.")
        elif not asked.yes:
            _say("Nothing was done. Say --yes to do this.")
        else:
            # First what is given, so that nothing stops working in between.
            for group in unowned:
                await own(tenant, group)
            for permission in plan.grants:
                await tenant.grant(permission)
            for assignment in plan.revokes:
                await tenant.revoke(assignment)
            _say("Done. Tokens that the app already has stay as they were, for up to 24 hours.")
    finally:
        await connection.close()
        await credential.close()


def _credential(endpoint: str) -> AsyncTokenCredential:
    """Return the sign-in of whoever runs this, or what the Graph simulator takes."""
    if urlsplit(endpoint).hostname in _LOOPBACK:
        return StaticToken("administrator")
    return identity(None)


def _say(*lines: str) -> None:
    for line in lines:
        print(line)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

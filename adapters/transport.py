"""How the storage SDKs speak HTTP."""

from urllib.request import getproxies

from azure.core.pipeline.transport import AioHttpTransport


def transport() -> AioHttpTransport:
    """Return a connection pool of its own for one client, who closes it.

    The environment is looked at only where it names a proxy. The SDK's default always does, and
    then aiohttp looks for a `.netrc` before each request, in a thread: a third of what a small
    request costs.
    """
    return AioHttpTransport(use_env_settings=bool(getproxies()))

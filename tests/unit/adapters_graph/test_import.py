"""The app starts often and fast: the SDK waits for the first request."""

import subprocess
import sys

_HEAVY = (
    "httpx",
    "msgraph",
    "msgraph_core",
    "kiota_http",
    "kiota_abstractions",
    "azure",
    "aiohttp",
)
_CODE = f"""
import sys
import adapters.graph.directory, adapters.graph.targets, adapters.graph.subscriptions
from adapters.graph.client import GraphClient
GraphClient("https://graph.microsoft.com/v1.0", object())
print([name for name in {_HEAVY} if name in sys.modules])
"""


def test_no_sdk_is_imported_before_the_first_request() -> None:
    done = subprocess.run([sys.executable, "-c", _CODE], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"

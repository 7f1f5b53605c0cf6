"""What Easy Auth says about someone who is signed in."""

import base64
import json
from typing import Any

from functions.locks import ID, NAME, PRINCIPAL


def principal(*roles: str, kind: str = "roles", **more: Any) -> str:
    claims = [{"typ": kind, "val": role} for role in roles]
    said = {"auth_typ": "aad", "claims": claims, "role_typ": "roles", **more}
    return base64.b64encode(json.dumps(said).encode()).decode()


def signed_in(*roles: str) -> dict[str, str]:
    return {PRINCIPAL: principal(*roles), NAME: "ada@contoso.com", ID: "1815"}

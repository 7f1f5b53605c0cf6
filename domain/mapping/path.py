"""A source path as people write it: Graph's dotted names, or SCIM's with a filter on the type.

employeeOrgData.costCenter
addresses[?(@.type=='work')].postalCode           addresses[type eq "work"].postalCode
['urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'].['department']
urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department
"""

import re
from dataclasses import dataclass

from domain.errors import Never

LONGEST = 300
"""Characters."""

_URN = re.compile(r"urn:(?:[\w.-]+:)+[\w.-]+", re.IGNORECASE | re.ASCII)
_STEP = re.compile(
    r"""\.?\[\s*(?P<quote>['"])(?P<quoted>[^'"\]]+)(?P=quote)\s*\]
    | \[\s*\?\s*\(?\s*@\.?type\s*==\s*(?P<q1>['"])(?P<is>\w+)(?P=q1)\s*\)?\s*\]
    | \[\s*type\s+eq\s+(?P<q2>['"])(?P<eq>\w+)(?P=q2)\s*\]
    | \.?(?P<name>[A-Za-z]\w*)""",
    re.VERBOSE | re.IGNORECASE | re.ASCII,
)
_SCHEMAS = {
    "urn:ietf:params:scim:schemas:core:2.0:user": "",
    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:user": "enterprise",
    "urn:ietf:params:scim:schemas:extension:azureonpremdata:2.0:user": "onpremises",
}
_EXPECTED = (
    "Expected a name, a quoted name such as ['department'], or a filter such as"
    " [?(@.type=='work')], [?@.type=='work'] or [type eq \"work\"]."
)


@dataclass(frozen=True, slots=True)
class Path:
    """A source path, taken apart."""

    text: str
    schema: str
    """The SCIM extension it is in: `enterprise`, `onpremises` or none."""
    steps: tuple[str, ...]
    """Names as they were written; a filter on the type stands as `[work]`."""

    @property
    def key(self) -> str:
        """The path in one spelling: names of SCIM and of Graph are compared in any letter case."""
        dotted = ".".join(self.steps).replace(".[", "[").lower()
        return f"{self.schema}:{dotted}" if self.schema else dotted


def read_path(text: str) -> Path:
    """Return a source path, taken apart.

    Raises:
        Never: it is none; the sentence has the place.
    """
    if len(text) > LONGEST:
        raise Never(f"The path has {len(text)} characters; {LONGEST} are the most.")
    found = _URN.match(text)
    schema, steps, at = "", [], 0
    if found:
        urn, _, name = found[0].rpartition(":")
        schema, at = _schema(urn, text), found.end()
        steps.append(name)
    while at < len(text):
        step = _STEP.match(text, at)
        if step is None or (text[at] == "." and not steps and at == 0 and not schema):
            raise Never(_at(text, at), _EXPECTED)
        word = step["quoted"] or step["name"] or f"[{step['is'] or step['eq']}]".lower()
        if word.lower().startswith("urn:"):
            schema = _schema(word, text)
        else:
            steps.append(word)
        at = step.end()
    if not steps or steps[0].startswith("["):
        raise Never(_at(text, 0), _EXPECTED)
    return Path(text, schema, tuple(steps))


def _schema(urn: str, text: str) -> str:
    if urn.lower() not in _SCHEMAS:
        known = ", ".join(_SCHEMAS)
        raise Never(
            f"{text!r} is in the schema {urn}, which is not known here.", f"Known: {known}."
        )
    return _SCHEMAS[urn.lower()]


def _at(text: str, at: int) -> str:
    found = f"Found {text[at : at + 20]!r}" if at < len(text) else "The path ends"
    return f"{found} at character {at + 1} of {text!r}."

"""What callers send, parameters and bodies, parsed once at the edge; and what stands for a start.

Imported at the first call: it brings the rule parser, which loading the app does not need.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from domain.fact import BundleId, ObjectId
from domain.inventory.exported import Format
from domain.plan import PlanState

_GUID = r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
_PRINCIPAL = r"[^\s@/\\?%]{1,200}@[^\s@/\\?%#]{1,200}"


def _printable(text: str) -> str:
    if not text.isprintable():
        raise ValueError("Expected one line without control characters")
    return text


def _moment(text: str) -> str:
    datetime.fromisoformat(text)
    return text


type Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._:-]{1,200}$")]
type Person = Annotated[
    str,
    StringConstraints(pattern=f"^(?:{_GUID}|{_PRINCIPAL})$"),
    AfterValidator(_printable),
]
type DateOrMoment = Annotated[
    str,
    StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}(T[0-9:.]+(Z|[+-]\d{2}:\d{2})?)?$"),
    AfterValidator(_moment),
]
type NotedHash = Annotated[str, StringConstraints(pattern=r"^([0-9]{1,12}:)?[0-9a-fA-F]{64}$")]
type KindName = Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,40}$")]
type MessageId = Annotated[
    str, StringConstraints(min_length=1, max_length=200), AfterValidator(_printable)
]
type FileName = Annotated[
    str, StringConstraints(min_length=1, max_length=200), AfterValidator(_printable)
]
type SnapshotName = (
    Annotated[str, StringConstraints(pattern=r"^(latest|\d{8}T\d{6}-[0-9a-f]{8})$")] | DateOrMoment
)
type Attributes = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z0-9_.]{1,100}(, ?[A-Za-z0-9_.]{1,100}){0,19}$")
]
type Line = Annotated[
    str,
    StringConstraints(min_length=1, max_length=200, strip_whitespace=True),
    AfterValidator(_printable),
]
type Reason = Annotated[
    str,
    StringConstraints(min_length=1, max_length=500, strip_whitespace=True),
    AfterValidator(_printable),
]


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a route or a query, the same wherever it occurs."""

    type: Any
    description: str
    expected: str
    """What the type asks for, in words."""


_SNAPSHOT = "The id of a snapshot, `latest`, or a date or moment: then the last one until then."
_SNAPSHOT_EXPECTED = "the id of a snapshot as it is listed, latest, or a date or moment in ISO 8601"

PARAMETERS: Mapping[str, Parameter] = {
    "bundle": Parameter(
        BundleId,
        "The id of a bundle.",
        "lower-case letters, digits and hyphens, 63 characters at most",
    ),
    "plan": Parameter(Id, "The id of a plan.", "the id of a plan, as it is listed"),
    "message": Parameter(MessageId, "The id of a message.", "the id of a message, as it is listed"),
    "found": Parameter(
        bool, "With those who were inside when Seatflow first looked.", "true or false"
    ),
    "run": Parameter(Id, "The id of a run.", "the id of a run, as its start answered"),
    "person": Parameter(
        Person,
        "Object id, user principal name or mail address, URL-encoded (`#EXT#` is `%23EXT%23`).",
        "an object id (a GUID), a user principal name or a mail address",
    ),
    "on": Parameter(
        DateOrMoment,
        "A moment, in UTC unless it says otherwise; a date means its end. Now without it.",
        "a date or a moment in ISO 8601, such as 2026-11-02 or 2026-11-02T09:30:00Z",
    ),
    "since": Parameter(
        DateOrMoment,
        "A moment, in UTC unless it says otherwise; a date means its beginning.",
        "a date or a moment in ISO 8601, such as 2026-11-02 or 2026-11-02T09:30:00Z",
    ),
    "expect": Parameter(
        NotedHash,
        "What was noted of the bundle before: the hash of an entry, or `NUMBER:HASH`.",
        "a hash of 64 hexadecimal digits, or NUMBER:HASH",
    ),
    "kind": Parameter(
        KindName, "A kind of facts, such as `people`.", "the name of a kind, such as people"
    ),
    "snapshot": Parameter(SnapshotName, f"{_SNAPSHOT} The latest without it.", _SNAPSHOT_EXPECTED),
    "before": Parameter(SnapshotName, _SNAPSHOT, _SNAPSHOT_EXPECTED),
    "after": Parameter(SnapshotName, f"{_SNAPSHOT} The latest without it.", _SNAPSHOT_EXPECTED),
    "format": Parameter(Format, "Parquet without it.", "parquet or csv"),
    "part": Parameter(
        Annotated[int, Field(ge=1, le=100_000)],
        "Which part of the rows, counted from 1. A part of CSV beyond the first has no head.",
        "a number from 1 on",
    ),
    "attributes": Parameter(
        Attributes,
        "Attributes to compare, as rules name them, divided by commas.",
        "names of attributes, 20 at most, divided by commas",
    ),
    "group": Parameter(ObjectId, "The id of a group.", "an object id (a GUID)"),
    "state": Parameter(PlanState, "What became of the plan.", f"one of {', '.join(PlanState)}"),
}


EXPECTED: Mapping[str, str] = {
    "bundle": PARAMETERS["bundle"].expected,
    "people": PARAMETERS["person"].expected,
    "fingerprint": "the 32 hexadecimal digits that were shown with what is to be set",
}
"""What a field of a body asks for, in words, where its pattern says it to machines only."""


class _Input(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Files(_Input):
    """Policy files by name, as they stand in a folder."""

    files: Annotated[
        Mapping[FileName, str],
        Field(min_length=1, max_length=1000, examples=[{"m365-e3.yaml": "id: m365-e3\nname: ..."}]),
    ]


class Release(_Input):
    """An approval."""

    by: Annotated[
        Line | None,
        Field(description="Who approves, where nothing else says so; kept as unverified."),
    ] = None


class Refusal(_Input):
    """A refusal, with its reason."""

    because: Annotated[Reason, Field(alias="reason", description="Why, for people to read.")]


class Because(_Input):
    """The reason for what is switched."""

    reason: Annotated[Reason, Field(description="Why, for people to read.")]


class Remark(_Input):
    """A reason, if there is one to give."""

    reason: Annotated[
        str,
        StringConstraints(max_length=500, strip_whitespace=True),
        AfterValidator(_printable),
        Field(description="Why, for people to read."),
    ] = ""


class Replay(_Input):
    """Which of the changes that came to nothing are to be tried again, and why."""

    bundle: Annotated[BundleId | None, Field(description="Of this bundle; of all without.")] = None
    people: Annotated[
        tuple[Person, ...], Field(max_length=1000, description="Those of these people.")
    ] = ()
    everything: Annotated[
        bool, Field(alias="all", description="All of them, where no bundle and nobody is named.")
    ] = False
    reason: Annotated[Reason, Field(description="Why, for people to read.")]


class Fingerprint(_Input):
    """An approval of exactly these licenses."""

    fingerprint: Annotated[
        str,
        StringConstraints(pattern=r"^[0-9a-f]{32}$"),
        Field(description="As it was shown with what is to be set."),
    ]


class Started(BaseModel):
    """What was started."""

    model_config = ConfigDict(from_attributes=True)

    run: Annotated[str, Field(validation_alias="id", description="The id to follow it by.")]


def shown(shape: str, value: Any) -> Any:
    """Return what a job returned, in the named shape where there is one."""
    return Started.model_validate(value) if shape == "Started" else value

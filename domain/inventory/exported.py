"""A part of a kind of facts as a file, for whoever wants to look at it elsewhere."""

from dataclasses import dataclass
from typing import Literal

type Format = Literal["parquet", "csv"]

MEDIA_TYPES: dict[Format, str] = {
    "parquet": "application/vnd.apache.parquet",
    "csv": "text/csv",
}


@dataclass(frozen=True, slots=True)
class Exported:
    """Some rows of a kind, as a file that stands by itself."""

    body: bytes
    format: Format
    kind: str
    snapshot: str
    """The id of the snapshot it is from; of a further kind, when it was read (ISO 8601)."""
    part: int
    """Counted from 1."""
    parts: int
    rows: int
    """Of this part."""

    @property
    def name(self) -> str:
        """What a browser calls the file."""
        number = f"-{self.part:04d}" if self.parts > 1 else ""
        return f"{self.kind}{number}.{self.format}"

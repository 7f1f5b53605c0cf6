"""The attribute mapping: where, in Graph or in SCIM's words, each attribute of a person comes from.

A rule names a mapped attribute as `person.CostCenter`. That begins with no word of Entra's own
language, so a rule from the portal means here what it means there.
"""

from domain.mapping.columns import mapped
from domain.mapping.default import OUT_OF_OFFICE, ROWS
from domain.mapping.meaning import PROPERTIES, Source, source_of_path
from domain.mapping.path import Path, read_path
from domain.mapping.table import DEFAULT, PREFIX, Table, is_mapped

__all__ = [
    "DEFAULT",
    "OUT_OF_OFFICE",
    "PREFIX",
    "PROPERTIES",
    "ROWS",
    "Path",
    "Source",
    "Table",
    "is_mapped",
    "mapped",
    "read_path",
    "source_of_path",
]

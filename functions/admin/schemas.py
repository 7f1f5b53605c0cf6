"""JSON Schemas of our own types, as pydantic sees them, collected for one document."""

import ast
import inspect
from itertools import pairwise
from textwrap import dedent
from typing import Any

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode, JsonSchemaValue
from pydantic_core import core_schema


class Schemas:
    """Add the types, write once, then ask for each type's schema by its name."""

    def __init__(self) -> None:
        self._types: list[tuple[str, JsonSchemaMode, TypeAdapter[Any]]] = []
        self._schemas: dict[tuple[str, JsonSchemaMode], JsonSchemaValue] = {}
        self.definitions: dict[str, Any] = {}
        """What the schemas refer to, by name."""

    def add(self, name: str, kind: Any, mode: JsonSchemaMode) -> None:
        """Take up a type under a name of the caller's; the same name means the same type."""
        if all(each[:2] != (name, mode) for each in self._types):
            self._types.append((name, mode, TypeAdapter(kind)))

    def write(self) -> None:
        """Write all schemas together, so that each type is defined once."""
        self._schemas, whole = TypeAdapter.json_schemas(
            self._types,
            ref_template="#/components/schemas/{model}",
            schema_generator=_Plain,
        )
        self.definitions = {
            name: {key: value for key, value in schema.items() if key != "title"}
            for name, schema in whole.get("$defs", {}).items()
        }

    def received(self, name: str) -> JsonSchemaValue:
        """Return the schema of a type as callers send it."""
        return self._schemas[name, "validation"]

    def sent(self, name: str) -> JsonSchemaValue:
        """Return the schema of a type as it is answered."""
        return self._schemas[name, "serialization"]


class _Plain(GenerateJsonSchema):
    """Fields described by their docstrings; an answer has all of its fields, so no defaults."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        """Return whether a field gets a title made up from its name, which says as much."""
        return False

    def field_is_required(
        self,
        field: core_schema.ModelField | core_schema.DataclassField | core_schema.TypedDictField,
        total: bool,
    ) -> bool:
        """Return whether a field must be there."""
        return self.mode == "serialization" or super().field_is_required(field, total)

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        """Return the schema of a value that has a default."""
        if self.mode == "serialization":
            return self.generate_inner(schema["schema"])
        return super().default_schema(schema)

    def dataclass_schema(self, schema: core_schema.DataclassSchema) -> JsonSchemaValue:
        """Return the schema of a dataclass."""
        return _described(super().dataclass_schema(schema), schema["cls"])

    def model_schema(self, schema: core_schema.ModelSchema) -> JsonSchemaValue:
        """Return the schema of a model."""
        return _described(super().model_schema(schema), schema["cls"])


def _described(schema: JsonSchemaValue, kind: type) -> JsonSchemaValue:
    fields = schema.get("properties", {})
    for base in reversed(kind.__mro__):
        for name, text in _docstrings(base).items():
            if name in fields:
                fields[name].setdefault("description", text)
    return schema


def _docstrings(kind: type) -> dict[str, str]:
    """Return the text that stands under each field of a class of ours."""
    if kind.__module__.split(".")[0] not in ("domain", "functions"):
        return {}
    (tree,) = ast.parse(dedent(inspect.getsource(kind))).body
    assert isinstance(tree, ast.ClassDef)
    return {
        field.target.id: " ".join(inspect.cleandoc(text).split())
        for field, under in pairwise(tree.body)
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name)
        if isinstance(under, ast.Expr) and isinstance(under.value, ast.Constant)
        if isinstance(text := under.value.value, str)
    }

"""People: directory accounts with the attributes that rules can name."""

from domain import attributes
from domain.kinds.kind import Column, Kind, Type

_TYPES = {
    attributes.Kind.TEXT: Type.TEXT,
    attributes.Kind.FLAG: Type.FLAG,
    attributes.Kind.DATE: Type.MOMENT,
    attributes.Kind.TEXTS: Type.TEXTS,
}


def _columns() -> tuple[Column, ...]:
    found = [
        Column(name, _TYPES[attributes.kind_of(name)], f"`{path}` of Graph's user")
        for name, path in attributes.SOURCES.items()
    ]
    return (
        Column("id", Type.TEXT, "object id"),
        *found,
        Column("products", Type.TEXTS, "skuIds of the licenses held, by whatever route"),
    )


KIND = Kind(
    name="people",
    what="accounts with the attributes that rules can name",
    columns=_columns(),
    permissions=("User.Read.All",),
    on=True,
)

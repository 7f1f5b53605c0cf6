"""The ground of all answers, and how one is read."""

from typing import Any

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from cli.errors import Refused


class Answer(BaseModel):
    """A part of what the service answers."""

    model_config = ConfigDict(frozen=True, extra="ignore")


def understand[T](kind: type[T], answer: Any) -> T:
    """Return an answer as a value.

    Raises:
        Refused: it is not what this command expects.
    """
    try:
        return TypeAdapter(kind).validate_python(answer)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(map(str, first["loc"])) or "the answer"
        raise Refused(
            f"The service answers what this command does not understand ({place}: {first['msg']})."
            " Is it of the same version?"
        ) from None

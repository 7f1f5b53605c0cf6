"""What the service answers about what people switch by hand."""

from datetime import datetime

from pydantic import Field

from cli.answers.answer import Answer


class Pause(Answer):
    """Nothing is sent or carried out until someone resumes."""

    by: str
    at: datetime
    reason: str


class Protection(Answer):
    """A person from whom nothing is revoked."""

    person: str
    by: str
    at: datetime
    reason: str


class Controls(Answer):
    """How the controls stand."""

    pause: Pause | None = None
    protected: dict[str, Protection] = Field(default_factory=dict)
    names: dict[str, str] = Field(default_factory=dict)
    """User principal names of protected people, by id."""

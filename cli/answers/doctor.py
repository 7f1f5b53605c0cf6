"""What the service answers about itself."""

from cli.answers.answer import Answer


class Finding(Answer):
    """One thing that was looked at."""

    check: str
    level: str
    sentence: str
    page: str = ""


class Diagnosis(Answer):
    """Everything that was looked at."""

    healthy: bool
    findings: tuple[Finding, ...]

"""What the service answers about the licenses of targets."""

from cli.answers.answer import Answer


class Licenses(Answer):
    """What is to be set on one target."""

    bundle: str
    target: str
    holders: int
    sentences: tuple[str, ...]
    held: str = ""
    fingerprint: str

"""What stops the host from starting, each told in one sentence."""

PORT_TAKEN = 2
APP_REFUSED = 3


class HostError(Exception):
    """The host cannot start: why in one sentence, the exit code, the app's traceback if any."""

    def __init__(self, sentence: str, *, code: int = APP_REFUSED, trace: str = "") -> None:
        super().__init__(sentence)
        self.code = code
        self.trace = trace

"""How many requests go into one batch: fewer when Graph says 503, slowly more again."""

AGAIN_AFTER = 5
"""Batches that went well before one more request is tried."""


class BatchSize:
    """The number of requests a batch may have, between one and the most."""

    def __init__(self, most: int) -> None:
        self.now = most
        self._most = most
        self._well = 0

    def choked(self) -> None:
        """Graph was not able to answer part of a batch: halve it."""
        self.now = max(1, self.now // 2)
        self._well = 0

    def went_well(self) -> None:
        """Graph answered a whole batch; after a few, one request more is tried."""
        self._well += 1
        if self._well >= AGAIN_AFTER and self.now < self._most:
            self.now += 1
            self._well = 0

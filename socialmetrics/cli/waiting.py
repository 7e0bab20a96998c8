"""Why nothing seems to happen: waits of the library, as lines on stderr."""

from __future__ import annotations

import logging
import sys
from collections.abc import Generator
from contextlib import contextmanager
from typing import Final

from socialmetrics.strangers import plain

LOGGER: Final = logging.getLogger("socialmetrics")


@contextmanager
def told_waits() -> Generator[None]:
    """Writes the waits that begin meanwhile to stderr, one line each."""
    handler, level = _Lines(), LOGGER.level
    LOGGER.addHandler(handler)
    LOGGER.setLevel(logging.INFO)
    try:
        yield
    finally:
        LOGGER.removeHandler(handler)
        LOGGER.setLevel(level)


class _Lines(logging.Handler):
    """Calls side by side wait for the same thing: it is told once until it is over."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self._until: dict[tuple[str | None, str], float] = {}

    def emit(self, record: logging.LogRecord) -> None:
        if self._is_new(record):
            # Looked up now: a progress bar puts a stream of its own there, which
            # writes above the bar.
            sys.stderr.write(f"{plain(record.getMessage())}\n")
            sys.stderr.flush()

    def _is_new(self, record: logging.LogRecord) -> bool:
        # Loaded when there is something to say, so that the command starts quickly.
        from socialmetrics.waiting import Waiting

        waiting: object = getattr(record, "waiting", None)
        if not isinstance(waiting, Waiting):
            return True
        cause = waiting.vendor, waiting.why
        if record.created < self._until.get(cause, 0.0):
            return False
        self._until[cause] = record.created + waiting.seconds
        return True

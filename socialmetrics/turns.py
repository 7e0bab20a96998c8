"""One publication at a time: the lock of a key."""

from __future__ import annotations

import os
from fcntl import LOCK_EX, LOCK_NB, LOCK_UN, flock
from pathlib import Path

from socialmetrics.errors import InvalidQuery


class Turn:
    """The right to publish under one key: one thread, task or process has it.

    It ends with its process, and with those that were forked from it meanwhile.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._held: int | None = None

    def take(self) -> bool:
        """Whether it is ours now. Does not wait. Raises `InvalidQuery`."""
        try:
            file = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as err:
            raise InvalidQuery(
                f"the lock {str(self._path)!r} cannot be used: {err.strerror}"
            ) from err
        try:
            # A file lock of its own: filelock's takes ten times as long.
            flock(file, LOCK_EX | LOCK_NB)
        except BlockingIOError:
            os.close(file)
            return False
        self._held = file
        return True

    def give_back(self) -> None:
        """Lets the next one go on."""
        if self._held is not None:
            # Closing alone leaves it to processes that were forked meanwhile.
            flock(self._held, LOCK_UN)
            os.close(self._held)
            self._held = None

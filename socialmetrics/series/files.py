"""Files that are whole or not there."""

from __future__ import annotations

import os
import stat
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import Final

from socialmetrics.errors import InvalidQuery

_KINDS: Final = {
    stat.S_IFDIR: "a directory",
    stat.S_IFIFO: "a FIFO",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}


@contextmanager
def replacing(path: Path) -> Generator[Path]:
    """A draft to write; it takes the place of `path` when all went well.

    A link stays: what it leads to is replaced. Raises `InvalidQuery` where nothing can
    be written, and for what is there and no regular file: a directory, a device.
    """
    try:
        _check(path)
        target = path.resolve()
        room = Path(mkdtemp(prefix=".socialmetrics-", dir=target.parent))
        try:
            draft = room / "draft"
            yield draft
            os.replace(draft, target)
        finally:
            rmtree(room, ignore_errors=True)
    except OSError as err:
        raise InvalidQuery(f"{path} cannot be written: {err.strerror or err}") from err


def _check(path: Path) -> None:
    """Raises `InvalidQuery` for what is there and cannot be replaced as a file."""
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        return
    if not stat.S_ISREG(mode):
        kind = _KINDS.get(stat.S_IFMT(mode), "no regular file")
        raise InvalidQuery(f"{path} cannot be written: it is {kind}; name a file")

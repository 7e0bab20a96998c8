"""Files that are whole or not there."""

from __future__ import annotations

import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp

from socialmetrics.errors import InvalidQuery


@contextmanager
def replacing(path: Path) -> Generator[Path]:
    """A draft to write; it takes the place of `path` when all went well.

    Raises `InvalidQuery` where nothing can be written.
    """
    try:
        room = Path(mkdtemp(prefix=".socialmetrics-", dir=path.parent))
        try:
            draft = room / "draft"
            yield draft
            os.replace(draft, path)
        finally:
            rmtree(room, ignore_errors=True)
    except OSError as err:
        raise InvalidQuery(f"{path} cannot be written: {err.strerror or err}") from err

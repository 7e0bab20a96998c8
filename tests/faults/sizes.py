"""How much of everything: enough for every change, or as much as the goals name.

`make faults` sets FAULTS=full; it takes several minutes.
"""

from __future__ import annotations

import os
from typing import Final, TypeVar

T = TypeVar("T")

IS_FULL: Final = os.environ.get("FAULTS") == "full"


def size(quick: T, full: T) -> T:
    """The one that is asked for."""
    return full if IS_FULL else quick

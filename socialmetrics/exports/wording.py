"""What may have been meant."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Final

MOST: Final = 40
"""Names that are listed."""


def meant(name: str, known: Iterable[str]) -> str:
    """The end of a message about a name that is not there: the nearest, or all."""
    there = tuple(known)
    near = get_close_matches(name, there, 1)
    if near:
        return f"; did you mean {near[0]!r}?"
    more = f" and {len(there) - MOST} more" if len(there) > MOST else ""
    return f"; there is {', '.join(map(repr, there[:MOST])) or 'nothing'}{more}"

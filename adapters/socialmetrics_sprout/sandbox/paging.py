"""Pages by number, cut off silently at 10,000 results."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, TypeVar

from socialmetrics_sprout.sandbox.refusal import bad

CAP: Final = 10_000
T = TypeVar("T")


def page_of(rows: Sequence[T], page: int, limit: int) -> tuple[Sequence[T], int]:
    """The rows of that page, and how many pages there are (none for no rows).

    Rows beyond the cap do not exist. Refuses a page beyond the last one.
    """
    kept = min(len(rows), max(CAP // limit, 1) * limit)
    pages = -(-kept // limit)
    if page > max(pages, 1):
        bad(f"Page {page} exceeds total pages {pages}")
    return rows[(page - 1) * limit : min(page * limit, kept)], pages

"""What to ask instead of a query that the vendor finds too heavy (HTTP 504)."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from socialmetrics.errors import Unavailable
from socialmetrics.retry import TOO_HEAVY
from socialmetrics.window import Window
from socialmetrics_sprout.conditions import GRAIN

LIGHT: Final = timedelta(hours=1)
"""Where so little is too heavy, the vendor is down; smaller pieces only add calls."""


def halved(window: Window, err: Unavailable) -> tuple[Window, Window]:
    """The window in two. Raises the error where that would not help."""
    halves = window.halves(GRAIN) if window.duration > LIGHT else None
    if err.status != TOO_HEAVY or halves is None:
        raise err
    return halves

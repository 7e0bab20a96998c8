"""What of the optional packages is installed."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Final

REPORT: Final = ("jinja2", "markupsafe", "vl_convert")
"""The packages of the extra "report"."""


def has_report() -> bool:
    """Whether a report can be written as a page."""
    return all(map(find_spec, REPORT))

"""Readings, rules and adapters for the tests of what figures have in common."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from socialmetrics.adapter import Adapter
from socialmetrics.comparison.rulefile import Rulefile, read
from socialmetrics.reading import Reading

WEEK = (date(2026, 3, 2), date(2026, 3, 8))


def reading(metric: str = "likes", **changes: Any) -> Reading:
    """Organic figures of profiles by days of UTC."""
    told: dict[str, Any] = {
        "vendor": "toy",
        "endpoint": "figures",
        "network": "x",
        "name": f"toy_{metric}",
        "level": "profile",
        "temporality": "period",
        "date_axis": "activity",
        "scope": "organic",
        "zone": "UTC",
    }
    return Reading(metric=metric, **{**told, **changes})


def lifetime(metric: str = "likes", **changes: Any) -> Reading:
    """Organic totals of posts since publication."""
    told = {"level": "post", "temporality": "lifetime", "date_axis": "publish"}
    return reading(metric, **{**told, **changes})


RULE = """
[[rule]]
id = "some-rule"
axis = "scope"
text = "Some text."
source = "a page"
"""
ORDER = """
[[order]]
id = "some-order"
severity = "fault"
lesser = { metric = "likes" }
greater = { metric = "reactions" }
text = "Some text."
source = "a page"
"""


def written(*lines: str, vendor: str = "") -> Rulefile:
    """One rule with these lines, read."""
    return read(RULE + "\n".join(lines), "toy.toml", vendor)


class Telling(Adapter):
    """Brings a rule and an order."""

    name: ClassVar[str] = "telling"

    @classmethod
    def caveats(cls) -> str:
        own = '\nleft = { vendor = "telling" }'
        order = ORDER.replace("{ ", '{ vendor = "telling", ')
        return RULE + own + order


class Silent(Adapter):
    """Brings none."""

    name: ClassVar[str] = "silent"


class Faulty(Adapter):
    """Brings what is no rule."""

    name: ClassVar[str] = "faulty"

    @classmethod
    def caveats(cls) -> str:
        return RULE.replace("scope", "colour")


class Failing(Adapter):
    """Fails when it is asked."""

    name: ClassVar[str] = "failing"

    @classmethod
    def caveats(cls) -> str:
        raise RuntimeError("no file")

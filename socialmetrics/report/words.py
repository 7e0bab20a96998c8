"""The words of a report: numbers, times, statuses and verdicts, for people."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Final

from socialmetrics import ontology
from socialmetrics.comparison.result import (
    Basis,
    Coverage,
    Grounds,
    Number,
    Side,
)
from socialmetrics.reading import Reading, Status, Temporality, Unit
from socialmetrics.strangers import plain
from socialmetrics.window import Window

MINUS: Final = "\N{MINUS SIGN}"
NO_FIGURE: Final = "no such figure"
MONTHS: Final = (
    "Jan",
    "Feb",
    "Mar",
    "Apr",
    "May",
    "Jun",
    "Jul",
    "Aug",
    "Sep",
    "Oct",
    "Nov",
    "Dec",
)
BASIS_WORDS: Final[Mapping[Basis, str]] = {
    "computed": "computed",
    "bounded": "known within bounds",
    "unknown": "size not known",
}
_TIMES: Final[Mapping[Temporality, str]] = {
    "period": "in the window",
    "lifetime": "since publication",
    "instant": "at one moment",
}
_ADDRESS: Final = re.compile(r"https://[\w.-]+(?:[/?#][^\s\"'<>]*)?", re.ASCII)
_TAILS: Final[Mapping[Unit, str]] = {"ratio": "\u00a0%", "second": "\u00a0s"}


def number(value: Number, unit: Unit = "count", *, signed: bool = False) -> str:
    """A figure with thousands apart, ratios per cent; `signed` for differences."""
    shown = abs(value) * 100 if unit == "ratio" else abs(value)
    sign = MINUS if value < 0 else "+" if signed and value else ""
    return f"{sign}{_digits(shown)}{_TAILS.get(unit, '')}"


def _digits(value: Number) -> str:
    if isinstance(value, float) and not value.is_integer():
        return f"{value:,.2f}" if value >= 1 else f"{value:.3g}"
    return f"{int(value):,}"


def share(part: Number, whole: Number) -> str:
    """A difference in per cent of what it is a difference to; "" where that is 0."""
    if not whole:
        return ""
    per_cent = abs(part / whole) * 100
    size = f"{per_cent:,.0f}" if per_cent >= 10 else f"{per_cent:.2g}"
    return f"{MINUS if part / whole < 0 else '+'}{size}\u00a0%"


def value_words(value: Number | None, status: Status | None, unit: Unit) -> str:
    """A figure, or why there is none; never an empty cell, never a zero instead."""
    if value is None:
        return NO_FIGURE if status is None else status.replace("_", " ")
    tail = " (by rule, not measured)" if status is Status.ZERO_BY_RULE else ""
    return number(value, unit) + tail


def spaced(word: str) -> str:
    """A word of the model as people write it: "date_axis" is "date axis"."""
    return word.replace("_", " ")


def listed(names: Iterable[str]) -> str:
    """Names as a sentence has them: "A, B and C"."""
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last


def plural(count: int, one: str, many: str = "") -> str:
    """A number of things: "1 pair", "1,200 pairs"."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def day(value: date) -> str:
    """A day: "2 Mar 2026"."""
    return f"{value.day} {MONTHS[value.month - 1]} {value.year}"


def instant(moment: datetime) -> str:
    """An instant, in UTC: "11 Mar 2026 06:00 UTC"."""
    there = moment.astimezone(UTC)
    return f"{day(there)} {there:%H:%M} UTC"


def window_words(window: Window) -> str:
    """A window in words; whole days are those of its zone."""
    if not window.is_whole_days:
        return f"{instant(window.start)} to {instant(window.end)}"
    first, last = window.first_day, window.last_day
    if first == last:
        return f"{day(first)} ({window.tz})"
    head = day(first).removesuffix(f" {last.year}")
    return f"{head} to {day(last)} ({window.tz})"


def span(start: datetime, end: datetime | None, tz: str | None) -> str:
    """What a figure covers, in words. `tz` is the zone of its days."""
    if end is None:
        return f"since publication on {instant(start)}"
    if end <= start:
        return f"at {instant(end)}"
    return window_words(Window(start, end, tz or "UTC"))


def last_day(settled_through: datetime) -> str:
    """The instant up to which figures are settled, as the day that it ends."""
    there = settled_through.astimezone(UTC)
    if there.time() != datetime.min.time():
        return instant(there)
    return f"{day(there - timedelta(days=1))} (UTC)"


def read_words(side: Side) -> str:
    """When a tool's figures were read."""
    if side.read_at is None:
        return "no figure"
    return f"read {instant(side.read_at)}"


def title_of(metric: str) -> str:
    """A metric's title; a vendor's own metric keeps its name."""
    if ontology.is_canonical(metric):
        return ontology.metric(metric).title
    return plain(metric)


def counts(reading: Reading) -> str:
    """What a figure counts, in short: "organic, by activity, days of UTC"."""
    parts = (
        "" if reading.scope == "unknown" else reading.scope,
        "" if reading.counting == "total" else "each person once",
        {"period": "", "lifetime": "since publication", "instant": "a level"}[
            reading.temporality
        ],
        f"by {reading.date_axis} date" if reading.date_axis != "observed" else "",
        f"days of {reading.zone}" if reading.zone else "",
    )
    return ", ".join(part for part in parts if part)


def part(some: int, whole: int) -> str:
    """A part in whole per cent; 100 only where it is everything, 0 only for nothing."""
    least, most = int(some > 0), 100 - int(some < whole)
    return f"{min(max(round(100 * some / whole), least), most)}\u00a0%"


def address(text: str) -> str:
    """A text that is nothing but an address which a reader may follow; else ""."""
    told = plain(text)
    return told if _ADDRESS.fullmatch(told) else ""


def valid(rule: Grounds) -> str:
    """When a rule holds: "since 1 Jan 2024", "until 3 May 2025", "always"."""
    if rule.valid_from and rule.valid_to:
        return f"{day(rule.valid_from)} to {day(rule.valid_to)}"
    if rule.valid_from:
        return f"since {day(rule.valid_from)}"
    return f"until {day(rule.valid_to)}" if rule.valid_to else "no dates given"


def kind_of(coverage: Coverage) -> str:
    """Of what the figures are, and of which time."""
    return f"{coverage.level}s, {_TIMES[coverage.temporality]}"

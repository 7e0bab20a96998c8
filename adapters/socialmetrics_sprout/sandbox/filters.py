"""The filter language, read strictly: one string, one filter, nothing smuggled in."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import attrs
import msgspec

from socialmetrics_sprout.sandbox.refusal import bad

OPERATORS: Final = ("eq", "neq", "gt", "gte", "lt", "lte", "in", "exists", "match")
_FORM: Final = re.compile(r"([a-z_]+(?:\.[a-z_]+)*)\.([a-z]+)\(([^()\x00-\x1f]*)\)")
_WORD: Final = re.compile(r"[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?")
_QUOTES: Final = re.compile("[\u2018-\u201f\u2026\u2013\u2014]")
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME: Final = re.compile(_DATE.pattern + r"T[0-9]{2}:[0-9]{2}:[0-9]{2}")
_RANGE: Final = re.compile(r"([^.]*)(\.{2,3})([^.]*)")
_EPSILON: Final = timedelta(microseconds=1)


@attrs.frozen
class Filter:
    """One condition: `field.operator(arguments)`."""

    field: str
    operator: str
    arguments: str

    @property
    def words(self) -> tuple[str, ...]:
        """The values between the commas; blanks around them do not count."""
        words = tuple(word.strip(" ") for word in self.arguments.split(","))
        if not all(map(_WORD.fullmatch, words)):
            bad(f"Invalid value in filter on {self.field}")
        return words

    @property
    def numbers(self) -> tuple[int, ...]:
        """The values as whole numbers."""
        if not all(re.fullmatch("[0-9]{1,18}", word) for word in self.words):
            bad(f"Filter on {self.field} takes numbers")
        return tuple(int(word) for word in self.words)

    @property
    def flag(self) -> bool:
        """The value as true or false."""
        if self.arguments not in ("true", "false"):
            bad(f"Filter on {self.field} takes true or false")
        return self.arguments == "true"

    @property
    def ends(self) -> tuple[str, str, bool]:
        """Both ends of a range as they are written, and whether the last belongs."""
        found = _RANGE.fullmatch(self.arguments)
        if found is None:
            bad(f"Filter on {self.field} takes a range like a..b or a...b")
        return found[1].strip(" "), found[3].strip(" "), found[2] == ".."

    def instants(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """The range as [start, end) in UTC; a date alone means its first instant."""
        first, last, closed = self.ends
        start, end = _instant(first, zone), _instant(last, zone)
        if start > end:
            bad(f"Range of {self.field} runs backwards")
        return start, end + _EPSILON if closed else end

    def days(self) -> tuple[date, date]:
        """The range as first and last day, both included."""
        first, last, closed = self.ends
        start, end = _day(first), _day(last)
        if start > end:
            bad(f"Range of {self.field} runs backwards")
        return start, end if closed else end - timedelta(days=1)


def _day(text: str) -> date:
    # Times were accepted and cut to their day in real traffic.
    return _instant(text, ZoneInfo("UTC")).date()


def _instant(text: str, zone: ZoneInfo) -> datetime:
    if not (_DATE.fullmatch(text) or _TIME.fullmatch(text)):
        bad(f"Invalid date or time: {text!r}; write YYYY-MM-DDThh:mm:ss without zone")
    try:
        return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)
    except (ValueError, OverflowError):
        bad(f"Invalid date or time: {text!r}")


def parse(text: str) -> Filter:
    """The filter in that string. Refuses everything that is not exactly one."""
    if _QUOTES.search(text):
        bad("Filters are written in plain ASCII punctuation")
    found = _FORM.fullmatch(text)
    if found is None or found[2] not in OPERATORS:
        bad(f"Invalid filter: {text[:80]!r}")
    if found[2] != "match" and not text.isascii():
        bad("Filters are written in plain ASCII")
    return Filter(found[1], found[2], found[3])


def parse_all(
    texts: object, allowed: Mapping[str, Sequence[str]]
) -> dict[tuple[str, str], Filter]:
    """All filters by field and operator; every one must be among `allowed`."""
    try:
        strings = msgspec.convert(texts, list[str])
    except msgspec.ValidationError:
        bad("filters must be a list of strings, at least one of them")
    if not strings:
        bad("At least one filter is required")
    found: dict[tuple[str, str], Filter] = {}
    for one in map(parse, strings):
        if one.operator not in allowed.get(one.field, ()):
            bad(f"Unsupported filter: {one.field}.{one.operator}")
        if (one.field, one.operator) in found:
            bad(f"Filter given twice: {one.field}.{one.operator}")
        found[one.field, one.operator] = one
    return found

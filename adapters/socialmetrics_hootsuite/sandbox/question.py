"""What is asked of the Analytics API: every key checked before anything is counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Final, NoReturn

import attrs
import msgspec

from socialmetrics.sandbox.measures import Scope
from socialmetrics.typed import converted
from socialmetrics_hootsuite.sandbox.catalogue import NETWORKS
from socialmetrics_hootsuite.sandbox.profiles import SocialProfile
from socialmetrics_hootsuite.sandbox.refusal import problem
from socialmetrics_hootsuite.sandbox.service import Pairs, Service

_SCOPES: Final[Mapping[str, Scope]] = {"ORGANIC": "organic", "PAID": "paid"}
_KEYS: Final = ("datatype", "networkId", "limit", "cursor")
_LIMIT: Final = 10
_MOST: Final = 100
_MOST_IDS: Final = 10
_YEARS: Final = 2
_FRESH: Final = timedelta(days=30)
_YEAR: Final = timedelta(days=365)


class _Strict(msgspec.Struct, forbid_unknown_fields=True, rename="camel"):
    """An object in which nothing unknown may stand."""


class _Values(_Strict):
    eq: str | None = None
    among: list[str] | None = msgspec.field(default=None, name="in")


class _Timespan(_Strict):
    since: str | None = None
    until: str | None = None


class _Time(_Strict):
    timespan: _Timespan


class _Filters(_Strict):
    profile_id: _Values
    reporting_period: _Time | None = None
    last_modified: _Time | None = None


class _Body(_Strict):
    filters: _Filters


@attrs.frozen(kw_only=True)
class Question:
    """A query that holds. Without `until` it goes on to now.

    `modified` are the first and last day of what was refreshed, if that was asked;
    `seal` is all that a cursor belongs to.
    """

    network: str
    scope: Scope
    profiles: Sequence[SocialProfile]
    since: date
    until: date | None
    modified: tuple[date, date] | None
    limit: int
    cursor: str | None
    seal: str

    def was_modified(self, at: datetime) -> bool:
        """Whether something that was refreshed then is asked for."""
        if self.modified is None:
            return True
        first, last = self.modified
        return first <= at.astimezone(UTC).date() <= last


def unprocessable(detail: str) -> NoReturn:
    """Refuses a query that does not fit the contract."""
    raise problem(422, "invalid-argument", detail)


def question(service: Service, pairs: Pairs, raw: bytes) -> Question:
    """Reads and checks a query."""
    told = _singles(pairs)
    network = _choice(told, "networkId", tuple(NETWORKS))
    scope = _SCOPES[_choice(told, "datatype", tuple(_SCOPES))]
    filters = _body(raw).filters
    today = service.now().date()
    since, until = _period(filters.reporting_period, today, _years_back(today))
    modified = None
    if filters.last_modified is not None:
        first, last = _period(filters.last_modified, today, today - _FRESH)
        modified = first, today if last is None else last
    return Question(
        network=network,
        scope=scope,
        profiles=_profiles(service, filters.profile_id, network),
        since=since,
        until=until,
        modified=modified,
        limit=_limit(told.get("limit")),
        cursor=told.get("cursor"),
        seal=f"{network} {scope} {msgspec.json.encode(filters)!r}",
    )


def _singles(pairs: Pairs) -> Mapping[str, str]:
    told: dict[str, str] = {}
    for name, value in pairs:
        if name not in _KEYS or name in told:
            unprocessable(f"{name} is unknown, or given twice.")
        told[name] = value
    return told


def _choice(told: Mapping[str, str], name: str, known: Sequence[str]) -> str:
    found = told.get(name, "")
    if found not in known:
        unprocessable(f"{name} must be one of {', '.join(known)}.")
    return found


def _limit(text: str | None) -> int:
    if text is None:
        return _LIMIT
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0
    if not 1 <= number <= _MOST:
        unprocessable(f"limit must be a number from 1 to {_MOST}.")
    return number


def _body(raw: bytes) -> _Body:
    try:
        return converted(msgspec.json.decode(raw), _Body)
    except msgspec.ValidationError as wrong:
        unprocessable(f"The body does not fit: {wrong}")
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise problem(400, "invalid-json", "The body is not JSON.") from None


def _profiles(service: Service, told: _Values, network: str) -> Sequence[SocialProfile]:
    if (told.eq is None) is (told.among is None):
        unprocessable("profileId takes either eq or in.")
    ids = [told.eq] if told.eq is not None else told.among or []
    if not 1 <= len(ids) <= _MOST_IDS or len(set(ids)) < len(ids):
        unprocessable(f"profileId takes 1 to {_MOST_IDS} different ids.")
    found = [service.profiles.get(one) for one in ids]
    mine = [one for one in found if one is not None]
    if len(mine) < len(found):
        raise problem(403, "permission-denied", "One of the profiles is not yours.")
    if any(one.type != network for one in mine):
        unprocessable(f"One of the profiles is not a profile of {network}.")
    return mine


def _period(
    told: _Time | None, today: date, earliest: date
) -> tuple[date, date | None]:
    """First and last day; since a year if only the end is told."""
    if told is None:
        return max(today - _YEAR, earliest), None
    span = told.timespan
    if span.since is None and span.until is None:
        unprocessable("A timespan needs since or until.")
    until = None if span.until is None else _date(span.until)
    default = max(today - _YEAR, earliest)
    since = default if span.since is None else _date(span.since)
    if since < earliest:
        unprocessable(f"A timespan begins on {earliest} at the earliest.")
    if until is not None and until < since:
        unprocessable("A timespan ends before it begins.")
    return since, until


def _date(text: str) -> date:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or text != found.isoformat():
        unprocessable(f"{text!r} is not a date like 2026-07-06.")
    return found


def _years_back(today: date) -> date:
    """The same day two years ago; of the 29th of February the day before."""
    try:
        return today.replace(year=today.year - _YEARS)
    except ValueError:
        return today.replace(year=today.year - _YEARS, day=today.day - 1)

"""What an answer to a post says of it. Its shape was never written down.

Any 2xx means that it was taken, even without a word; no id is made up. What names an
error is a refusal, of the profiles without an id.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import attrs

from socialmetrics.errors import Rejected
from socialmetrics.lazy import LazyJson
from socialmetrics.model import Consignment, Delivery, Draft, Json, Profile, Publication
from socialmetrics.wire import Response
from socialmetrics_hootsuite.legacy import payloads
from socialmetrics_hootsuite.legacy.problems import said
from socialmetrics_hootsuite.legacy.publishing import effective

_IDS = ("id", "messageId", "message_id")
_AUTO = "Hootsuite picks the time and does not tell it"


@attrs.frozen
class Entry:
    """What is said of one profile (None: it does not say which)."""

    profile: str | None
    vendor_id: str | None
    problem: str | None


def receipt(consignment: Consignment, response: Response) -> Publication:
    """A delivery for every profile. Raises `Rejected` where all were refused."""
    draft = consignment.draft
    body = payloads.opened(response.body)
    problem = _whole(body)
    entries = list(_entries(response.body))
    made = tuple(_delivery(draft, each, entries, problem) for each in draft.profiles)
    if all(each.state == "failed" for each in made):
        raise Rejected(
            "; ".join(dict.fromkeys(each.reason or "" for each in made)),
            vendor=response.vendor,
            operation=response.request.operation,
            status=response.status,
            request_id=response.request_id,
        )
    return Publication(
        deliveries=made, notes=consignment.notes, raw=_raw(body, response)
    )


def _whole(body: payloads.Object | None) -> str | None:
    """What is said of all profiles: at the top, or by `results` without an id."""
    problem = _said(payloads.complaint(body))
    results = payloads.opened((body or {}).get("results") or b"")
    if problem or results is None:
        return problem
    told = _opened(results)
    return None if told.profile or told.vendor_id else told.problem


def _raw(body: payloads.Object | None, response: Response) -> Json:
    return {} if body is None else LazyJson(response.body)


def _entries(body: bytes) -> Iterator[Entry]:
    """Of every object under `results`, one or a list of them, and at the top."""
    results = (payloads.opened(body) or {}).get("results")
    for source in (results, body):
        if source is None:
            continue
        for raw in (*(payloads.listed(source) or ()), source):
            told = payloads.opened(raw)
            if told is not None:
                yield _opened(told)


def _opened(told: payloads.Object) -> Entry:
    return _entry({key: payloads.plain(value) for key, value in told.items()})


def _entry(told: dict[str, object]) -> Entry:
    return Entry(
        profile=_id(told.get("socialNetworkId")),
        vendor_id=next(filter(None, (_id(told.get(name)) for name in _IDS)), None),
        problem=_said(payloads.complaint(told)),
    )


def _id(value: object) -> str | None:
    is_id = isinstance(value, int | str) and not isinstance(value, bool)
    return str(value) if is_id and value != "" else None


def _said(told: object) -> str | None:
    return None if told is None else "; ".join(said(told)) or str(told)


def _delivery(
    draft: Draft, profile: Profile, entries: list[Entry], problem: str | None
) -> Delivery:
    mine = _of(profile, entries, is_only=len(draft.profiles) == 1)
    refused = mine.problem or (None if mine.vendor_id else problem)
    if refused:
        return Delivery(profile=profile, state="failed", reason=refused)
    at = effective(draft)
    asked_at = draft.at if isinstance(draft.at, datetime) else None
    return Delivery(
        profile=profile,
        state="submitted" if draft.at is None else "scheduled",
        vendor_id=mine.vendor_id,
        at=at,
        asked_at=None if asked_at == at else asked_at,
        reason=_AUTO if draft.at == "auto" else None,
    )


def _of(profile: Profile, entries: list[Entry], *, is_only: bool) -> Entry:
    """The entry that names the profile; where there is one only, the only entry."""
    for each in entries:
        if each.profile == profile.vendor_id:
            return each
    nameless = [each for each in entries if each.profile is None]
    said = [each for each in nameless if each.vendor_id or each.problem]
    if is_only and len({each.vendor_id for each in said}) == 1:
        return said[0]
    return Entry(None, None, None)

"""The three endpoints: from a query to the whole answer."""

from __future__ import annotations

from typing import Final

import numpy as np

from socialmetrics.sandbox.dice import Flags, Ints
from socialmetrics_x.sandbox import period, shelf
from socialmetrics_x.sandbox.catalogue import (
    AGEING,
    PUBLIC,
    QUOTES,
    RECENT,
    VIDEO,
)
from socialmetrics_x.sandbox.cube import Cube, block
from socialmetrics_x.sandbox.gate import Caller
from socialmetrics_x.sandbox.nest import nested
from socialmetrics_x.sandbox.period import Period
from socialmetrics_x.sandbox.query import Query
from socialmetrics_x.sandbox.refusal import FORBIDDEN, NOT_ALLOWED, Refusal, coded
from socialmetrics_x.sandbox.service import Service
from socialmetrics_x.sandbox.shelf import COUNTED, WATCHED, Found, Lists
from socialmetrics_x.sandbox.wire import stamp

Json = dict[str, object]
TOO_OLD: Final = "unsupported_for_impressions_engagements_tweet_ids"
TOO_OLD_FOR_VIDEO: Final = "unsupported_for_video_views_tweet_ids"


def answer(service: Service, query: Query, caller: Caller) -> Json:
    """The answer to that caller; raises `Refusal`."""
    _check_metrics(service, query, caller)
    hours = _period(service, query)
    there = shelf.found(service.lens, query.ids, service.now())
    if caller.user_id is not None:
        shelf.check_owner(there.posts, caller.user_id, service.options.wording)
    shelf.check_some(there)
    if hours is None:
        return _totals(service, query, there, is_owner=caller.user_id is not None)
    return _timed(service, query, there, hours)


def _check_metrics(service: Service, query: Query, caller: Caller) -> None:
    is_public = not query.endpoint.has_time and PUBLIC.issuperset(query.metrics)
    if caller.user_id is None and not is_public:
        text = "Your credentials do not allow access to this resource"
        raise Refusal(FORBIDDEN, coded(NOT_ALLOWED, text))
    hidden = sorted(set(query.metrics) & set(service.options.forbidden_metrics))
    if hidden:
        text = f"Forbidden to access metrics: {', '.join(hidden)}"
        raise Refusal(FORBIDDEN, text)


def _period(service: Service, query: Query) -> Period | None:
    if not query.endpoint.has_time:
        return None
    if query.endpoint is RECENT:
        return period.recent(service.now())
    return period.asked(query.start, query.end, service.now())


# A whole life.


def _totals(service: Service, query: Query, there: Found, *, is_owner: bool) -> Json:
    metrics = _shown(service, query, is_owner=is_owner)
    rows, now = _rows(there), service.now()
    columns = [service.lens.totals(rows, name, now) for name in metrics]
    values = np.stack(columns, axis=1)[:, :, None]
    lists, present = _too_old(there, query, metrics, values)
    cube = Cube(
        posts=there.ids,
        metrics=metrics,
        asked=np.array([name in query.metrics for name in metrics]),
        hours=np.zeros(1, dtype=np.int64),
        values=values,
        present=present | (service.options.aged == "zero"),
    )
    errors = shelf.unavailable(there)
    if TOO_OLD in lists:
        errors.append(
            "Impressions & engagements for tweets older than 90 days "
            f"({stamp(now - COUNTED)}) are not supported"
        )
    told = {"errors": errors} if errors else {}
    return {**told, **shelf.lists(there), **lists, **_groups(service, query, cube)}


def _shown(service: Service, query: Query, *, is_owner: bool) -> list[str]:
    """The metrics in the order of the alphabet, and sometimes one more."""
    more = {QUOTES} if is_owner and service.options.unasked else set[str]()
    return sorted({*query.metrics, *(more - {*service.options.forbidden_metrics})})


def _too_old(
    there: Found, query: Query, metrics: list[str], values: Ints
) -> tuple[Lists, Flags]:
    """Lists of posts that are too old for a metric; takes their figures away."""
    lists: Lists = {}
    present = np.ones(values.shape, dtype=np.bool_)
    old, unseen = there.older(COUNTED), there.older(WATCHED)
    if old and AGEING.intersection(query.metrics):
        lists[TOO_OLD] = old
        cells = np.ix_(_in(there.ids, old), _in(metrics, AGEING))
        values[cells], present[cells] = 0, False
    if unseen and VIDEO in query.metrics:
        lists[TOO_OLD_FOR_VIDEO] = unseen
        values[np.ix_(_in(there.ids, unseen), _in(metrics, {VIDEO}))] = 0
    return lists, present


def _in(keys: list[str], wanted: list[str] | frozenset[str] | set[str]) -> Flags:
    known = set(wanted)
    return np.array([key in known for key in keys])


# Hours.


def _timed(service: Service, query: Query, there: Found, hours: Period) -> Json:
    rows, marks, now = _rows(there), hours.marks, service.now()
    metrics = sorted(query.metrics)
    series = [service.lens.series(rows, name, marks, now) for name in metrics]
    values = np.stack(series, axis=1)
    present = np.ones(values.shape, dtype=np.bool_)
    if service.options.sparse:
        born = service.world.timeline.first_hour[rows]
        present &= marks[None, None, :-1] >= born[:, None, None]
    cube = Cube(
        posts=there.ids,
        metrics=metrics,
        asked=np.ones(len(metrics), dtype=np.bool_),
        hours=marks[:-1],
        values=values,
        present=present,
    )
    errors = shelf.unavailable(there)
    return {
        "start": stamp(hours.start),
        "end": stamp(hours.end),
        **({"errors": errors} if errors else {}),
        **shelf.lists(there),
        **_groups(service, query, cube),
    }


def _rows(there: Found) -> Ints:
    return np.array([post.row for post in there.posts], dtype=np.int64)


def _groups(service: Service, query: Query, cube: Cube) -> Json:
    is_dated = service.options.hour_shape == "dated"
    bare = service.options.numbers
    return {
        name: nested(block(cube, levels, is_dated=is_dated), bare)
        for name, levels in query.groupings.items()
    }

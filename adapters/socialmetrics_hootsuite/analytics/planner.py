"""How figures are cut into parts that the Analytics API allows.

Its limits: ten profiles, one network and one kind of data a call, a hundred rows a
page, two years back. A part of daily figures is a chain of at most ten pages, and the
parts of one network are about as long as each other, to be read side by side.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from socialmetrics.errors import InvalidQuery
from socialmetrics.model import Missing, Post, Profile, Ref, Topic
from socialmetrics.plan import MetricsQuery, Plan
from socialmetrics.series import MetricSeries
from socialmetrics.window import Window
from socialmetrics_hootsuite.analytics.choice import Lane, choose
from socialmetrics_hootsuite.analytics.gaps import why_without
from socialmetrics_hootsuite.analytics.parts import PROFILES, DaysPart
from socialmetrics_hootsuite.analytics.planner_posts import post_totals
from socialmetrics_hootsuite.analytics.plans import (
    account,
    earliest,
    even,
    lacking,
    networks_of,
    planned,
    spans,
    without,
)
from socialmetrics_hootsuite.analytics.requests import ROWS_A_PAGE

PAGES: Final = 10
"""So many pages are read one after the other, at most."""


def plan_metrics(query: MetricsQuery) -> Plan[MetricSeries]:
    """Daily figures of profiles, lifetime figures of posts."""
    profiles = [each for each in query.subjects if isinstance(each, Profile)]
    posts = [each for each in query.subjects if isinstance(each, Post)]
    others = [each for each in query.subjects if isinstance(each, Ref | Topic)]
    plans = [
        *([_profile_days(profiles, query)] if profiles else []),
        *([post_totals(posts, query)] if posts else []),
    ]
    missing = [each for plan in plans for each in plan.missing]
    missing += [_unresolved(each, name) for each in others for name in query.metrics]
    available = {metric for plan in plans for metric in plan.available}
    return Plan(
        parts=tuple(part for plan in plans for part in plan.parts),
        available=tuple(metric for metric in query.metrics if metric in available),
        missing=tuple(missing),
        resolved=tuple(each for plan in plans for each in plan.resolved),
        notes=tuple(dict.fromkeys(note for plan in plans for note in plan.notes)),
    )


def _unresolved(subject: Ref | Topic, metric: str) -> Missing:
    ref = subject if isinstance(subject, Ref) else subject.ref
    return Missing(
        metric=metric,
        subject=ref,
        network=ref.network,
        reason=f"{ref} is no profile of this account, and Hootsuite finds posts only "
        "by profile and time",
        alternatives=("give the Post that posts() returned",),
    )


def _profile_days(
    profiles: Sequence[Profile], query: MetricsQuery
) -> Plan[MetricSeries]:
    if query.by == "hour":
        reason = "Hootsuite counts profiles by day, not by hour"
        return lacking(profiles, query, reason, "by='day'")
    window = _whole_days(query.window)
    having = [each for each in profiles if why_without(each) is None]
    chosen = choose("profiles", networks_of(having), query.metrics)
    parts = [
        part
        for lane in chosen.lanes
        for part in _day_parts(having, lane, window, query.now)
    ]
    return planned(parts, chosen, query, without(profiles, query.metrics))


def _day_parts(
    profiles: Sequence[Profile], lane: Lane, window: Window, now: datetime
) -> Iterator[DaysPart]:
    mine = (each for each in profiles if each.ref.network == lane.network)
    accounts = list({each.vendor_id: account(each) for each in mine}.values())
    for some in even(accounts, PROFILES):
        most = PAGES * ROWS_A_PAGE // len(some)
        for first, last in spans(window.first_day, window.last_day, most):
            part = DaysPart(
                network=lane.network,
                datatype=lane.datatype,
                accounts=some,
                first=first,
                last=last,
                asked=lane.asked,
                earliest=earliest(now),
                now=now,
            )
            yield part.counted(ROWS_A_PAGE)


def _whole_days(window: Window | None) -> Window:
    if window is None:
        raise InvalidQuery(
            "figures of profiles need a window: Window.days('2026-03-02', '2026-03-08')"
        )
    if not window.is_whole_days:
        raise InvalidQuery(
            f"Hootsuite counts profiles by whole days, and {window} cuts one; write "
            f"Window.days('{window.first_day}', '{window.last_day}', tz={window.tz!r})"
        )
    return window

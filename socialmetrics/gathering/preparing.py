"""`gather` and `prepare`: one account and one window, asked of several tools."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta

import attrs

from socialmetrics import ontology
from socialmetrics.client import Client
from socialmetrics.directory import ProfileLike
from socialmetrics.errors import InvalidQuery
from socialmetrics.gathering.accounts import accounts
from socialmetrics.gathering.choice import DEFAULTS, checked, common
from socialmetrics.gathering.crew import Crew, naming
from socialmetrics.gathering.gathered import Gathered
from socialmetrics.gathering.prepared import Prepared
from socialmetrics.gathering.spans import LOOKBACK, Spans
from socialmetrics.gathering.tool import Tool
from socialmetrics.pull import OnProgress
from socialmetrics.series import MetricSeries
from socialmetrics.session import checked_window
from socialmetrics.window import Window


def gather(
    clients: Mapping[str, Client],
    profile: ProfileLike,
    window: Window,
    metrics: Sequence[str] = (),
    *,
    lookback: timedelta = LOOKBACK,
    beside: Iterable[MetricSeries] = (),
    progress: OnProgress | None = None,
) -> Gathered:
    """What each tool tells of that account in that window, ready for `compare`.

    `clients` are named as the comparison is to call them. `profile` is meant as
    everywhere, and is the same account at every tool by the network's own id. Of each
    metric every tool gives the first that it has: days of the account; hours of its
    posts, where posts are counted by their ids (those that the other tools list,
    published up to `lookback` before the window); lifetime totals of the posts
    published in the window. Derived metrics come as their parts. Without `metrics`,
    it is what the tools have in common. `beside` are series that are to be compared
    with these, from elsewhere; where no tool lists posts, their posts are taken for
    the account's.

    The tools are asked side by side; `progress` tells of all of them together, from
    several threads, one at a time. Metrics that a tool lacks are in the `missing` of
    its series. Raises `InvalidQuery` for an account that a tool does not have, for
    metrics that nobody knows, and for a window that lies in the future; an error of a
    tool names it, and ends all of them.
    """
    prepared = prepare(
        clients, profile, window, metrics, lookback=lookback, beside=beside
    )
    return prepared.gather(progress=progress)


def prepare(
    clients: Mapping[str, Client],
    profile: ProfileLike,
    window: Window,
    metrics: Sequence[str] = (),
    *,
    lookback: timedelta = LOOKBACK,
    beside: Iterable[MetricSeries] = (),
) -> Prepared:
    """What `gather` would ask for, what would be missing and why, and the cost.

    Asks the tools only for their accounts. Takes and raises what `gather` does.
    """
    spans = Spans.of(checked_window(window), lookback)
    asked, others = checked(metrics), tuple(beside)
    if not clients:
        raise InvalidQuery("clients is empty; give at least one, by its name")
    _check_past(clients, window)
    tools = [
        Tool(name=name, client=clients[name], account=account, spans=spans)
        for name, account in accounts(Crew(), clients, profile).items()
    ]
    chosen = _chosen(tools, asked, others)
    by_id = any(each.by_id for each in tools)
    return Prepared(
        account=tools[0].account,
        metrics=chosen,
        is_chosen=not asked,
        tools=tuple(
            attrs.evolve(each, metrics=chosen, with_posts=by_id) for each in tools
        ),
        spans=spans,
        beside=others,
    )


def _check_past(clients: Mapping[str, Client], window: Window) -> None:
    now = max(client.now() for client in clients.values())
    if window.start >= now:
        raise InvalidQuery(
            f"{window} lies in the future: it is {now:%Y-%m-%d %H:%M} UTC"
        )


def _chosen(
    tools: Sequence[Tool], asked: tuple[str, ...], beside: Sequence[MetricSeries]
) -> tuple[str, ...]:
    """The metrics asked for, else what the tools have in common."""
    known = [{r.metric for r in each.columns.used_readings()} for each in beside]
    for tool in tools:
        with naming(tool.name):
            known.append({*attrs.evolve(tool, metrics=asked or DEFAULTS).known})
    if not asked:
        return common(DEFAULTS, known)
    for name in asked:
        if not ontology.is_canonical(name) and not any(name in each for each in known):
            there = ", ".join(tool.name for tool in tools)
            near = ontology.did_you_mean(name, [m.id for m in ontology.metrics()])
            raise InvalidQuery(
                f"metric {name!r} is neither canonical nor known to {there}{near}"
            )
    return asked

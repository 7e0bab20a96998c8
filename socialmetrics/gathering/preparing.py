"""`gather` and `prepare`: accounts and one window, asked of several tools."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import cast

import attrs

from socialmetrics import ontology
from socialmetrics.adapter import Adapter
from socialmetrics.client import AsyncClient, Client
from socialmetrics.directory import ProfileLike
from socialmetrics.errors import InvalidQuery
from socialmetrics.gathering.accounts import accounts
from socialmetrics.gathering.asked import Asked, has_posts
from socialmetrics.gathering.choice import DEFAULTS, PAIR, checked, common
from socialmetrics.gathering.crew import Crew, naming
from socialmetrics.gathering.gathered import Gathered
from socialmetrics.gathering.prepared import Prepared
from socialmetrics.gathering.spans import LOOKBACK, Spans
from socialmetrics.gathering.tool import Tool
from socialmetrics.model import Profile
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
    everywhere, and is the same account at every tool by the network's own id; what fits
    accounts of several networks means all those that every tool has. Of each
    metric every tool gives the first that it has: days of the account; hours of its
    posts, where posts are counted by their ids (those that the other tools list,
    published up to `lookback` before the window); lifetime totals of the posts
    published in the window. Derived metrics come as their parts. Without `metrics`,
    it is what the tools have in common. `beside` are series that are to be compared
    with these, from elsewhere; where they have figures of posts, the tools are asked
    whose posts these are, and where no tool lists posts, they are taken for the
    account's.

    The tools are asked side by side; `progress` tells of all of them together, from
    several threads, one at a time. Metrics that a tool lacks are in the `missing` of
    its series; so are all metrics of a tool that only counts by hours of UTC, in a
    window that cuts them. Raises `InvalidQuery` for what is no client or has no name,
    for an account that a tool does not have, for metrics that nobody knows, for a
    window that lies in the future, and for one that leaves a single tool with figures;
    an error of a tool names it, and ends all of them.
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
    metrics, others = checked(metrics), tuple(beside)
    _check_clients(clients)
    _check_beside(others)
    _check_past(clients, window)
    found = accounts(Crew(), clients, profile)
    every = [_tools(clients, placed, spans, metrics) for placed in found.placed]
    for tools in every:
        _check_refused(tools, others)
    _check_known(metrics, [tool for tools in every for tool in tools], others)
    return Prepared(
        asked=tuple(_asked(tools, metrics, others) for tools in every),
        others=found.others,
    )


def _tools(
    clients: Mapping[str, Client],
    placed: Mapping[str, Profile],
    spans: Spans,
    metrics: tuple[str, ...],
) -> list[Tool]:
    return [
        Tool(
            name=name,
            client=clients[name],
            account=account,
            spans=spans,
            metrics=metrics or DEFAULTS,
        )
        for name, account in placed.items()
    ]


def _asked(
    tools: Sequence[Tool], metrics: tuple[str, ...], beside: tuple[MetricSeries, ...]
) -> Asked:
    """One account and these metrics; without any, what the tools have in common."""
    account = tools[0].account
    chosen = metrics or common(DEFAULTS, _known(tools, beside))
    needs_posts = any(each.by_id for each in tools)
    needs_posts |= any(has_posts(each, account) for each in beside)
    return Asked(
        account=account,
        metrics=chosen,
        is_chosen=not metrics,
        tools=tuple(
            attrs.evolve(each, metrics=chosen, with_posts=needs_posts) for each in tools
        ),
        spans=tools[0].spans,
        beside=beside,
    )


def _known(
    tools: Sequence[Tool], beside: Sequence[MetricSeries]
) -> list[frozenset[str]]:
    """The metrics of which each of them knows anything."""
    known = [
        frozenset(reading.metric for reading in each.columns.used_readings())
        for each in beside
    ]
    for tool in tools:
        with naming(tool.name):
            known.append(tool.known)
    return known


def _check_clients(clients: object) -> None:
    if not isinstance(clients, Mapping):
        raise InvalidQuery(
            f"clients={clients!r} is no mapping; give clients by their names, like "
            "{'left': one, 'right': other}"
        )
    if not clients:
        raise InvalidQuery("clients is empty; give at least one, by its name")
    for name, client in cast("Mapping[object, object]", clients).items():
        if not isinstance(name, str) or not name.strip():
            raise InvalidQuery(f"clients: {name!r} names no tool; give a text")
        if not _is_client(client):
            raise InvalidQuery(
                f"clients[{name!r}]={client!r} is no Client; connect() makes one"
            )


def _is_client(client: object) -> bool:
    """Whether it is one, or stands for one."""
    has_adapter = isinstance(getattr(client, "adapter", None), Adapter)
    return has_adapter and not isinstance(client, AsyncClient)


def _check_beside(beside: Sequence[object]) -> None:
    for each in beside:
        if not isinstance(each, MetricSeries):
            raise InvalidQuery(f"beside holds {each!r}, which is not a MetricSeries")


def _check_refused(tools: Sequence[Tool], beside: Sequence[MetricSeries]) -> None:
    """Raises `InvalidQuery` where a tool that cannot count in this window leaves less
    than two with figures."""
    refused = [each for each in tools if each.refusal]
    left = sum(bool(each.known) for each in tools) + len(beside)
    if refused and left < PAIR:
        first = refused[0]
        raise InvalidQuery(first.refusal, vendor=first.name)


def _check_past(clients: Mapping[str, Client], window: Window) -> None:
    now = max(client.now() for client in clients.values())
    if window.start >= now:
        raise InvalidQuery(
            f"{window} lies in the future: it is {now:%Y-%m-%d %H:%M} UTC"
        )


def _check_known(
    metrics: Sequence[str], tools: Sequence[Tool], beside: Sequence[MetricSeries]
) -> None:
    """Raises `InvalidQuery` for a metric of which nobody has ever heard."""
    known = frozenset[str]().union(*_known(tools, beside))
    known = known.union(*(each.refused for each in tools))
    for name in metrics:
        if not ontology.is_canonical(name) and name not in known:
            there = ", ".join(dict.fromkeys(tool.name for tool in tools))
            near = ontology.did_you_mean(name, [m.id for m in ontology.metrics()])
            raise InvalidQuery(
                f"metric {name!r} is neither canonical nor known to {there}{near}"
            )

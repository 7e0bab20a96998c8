"""An application of somebody's: no tool is named in it, and none is asked for by type.

It is what `test_switch` runs on one tool after the other, by the name alone.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from datetime import UTC, datetime
from typing import Final

import attrs

import socialmetrics as sm
from socialmetrics.model import Missing

WEEK: Final = sm.Window.days("2026-03-02", "2026-03-08")
THURSDAY: Final = datetime(2026, 3, 12, 9, tzinfo=UTC)
KNOWN: Final = sm.Ref("x", "2029590707852676672")
"""A post that the application remembers from some other tool."""
METRICS: Final = ("followers", "likes", "impressions")
KEY: Final = "spring-2026"


@attrs.frozen
class Row:
    """One line of the report; these columns, whatever the tool.

    Where there is no value, `remark` has the reason and `instead` what to do.
    """

    what: str
    subject: str
    name: str
    at: datetime | None = None
    value: float | None = None
    remark: str = ""
    instead: tuple[str, ...] = ()


Answer = Iterable[Row]


def weekly(tool: str) -> list[Row]:
    """The week of the accounts on one network, and the next post planned there."""
    with sm.connect(tool) as client:
        return list(_weekly(client))


def _weekly(client: sm.Client) -> Iterator[Row]:
    everybody = list(client.profiles())
    ours = on_network(everybody)
    questions: dict[str, Callable[[], Answer]] = {
        "posts": lambda: map(post, client.posts(ours, WEEK, metrics=METRICS)),
        "messages": lambda: map(message, client.messages(ours, WEEK)),
        "metrics": lambda: figures(
            client.metrics([*everybody, KNOWN], METRICS, WEEK, by="day")
        ),
        "publish": lambda: receipt(client.publish(draft(ours), KEY)),
    }
    yield from map(profile, everybody)
    for name, question in questions.items():
        try:
            yield from question()
        except sm.Unsupported as no:
            yield lack(name, no)


async def weekly_async(tool: str) -> list[Row]:
    """The same for asyncio."""
    async with sm.connect_async(tool) as client:
        return [row async for row in _weekly_async(client)]


async def _weekly_async(client: sm.AsyncClient) -> AsyncIterator[Row]:
    everybody = [each async for each in client.profiles()]
    ours = on_network(everybody)

    async def posts() -> Answer:
        found = client.posts(ours, WEEK, metrics=METRICS)
        return [post(each) async for each in found]

    async def messages() -> Answer:
        return [message(each) async for each in client.messages(ours, WEEK)]

    async def metrics() -> Answer:
        subjects: list[sm.Profile | sm.Ref] = [*everybody, KNOWN]
        return figures(await client.metrics(subjects, METRICS, WEEK, by="day"))

    async def publish() -> Answer:
        return receipt(await client.publish(draft(ours), KEY))

    for each in everybody:
        yield profile(each)
    for question in (posts, messages, metrics, publish):
        try:
            for row in await question():
                yield row
        except sm.Unsupported as no:
            yield lack(question.__name__, no)


def on_network(profiles: Iterable[sm.Profile]) -> list[sm.Profile]:
    return [each for each in profiles if each.ref.network == KNOWN.network]


def draft(profiles: Iterable[sm.Profile]) -> sm.Draft:
    return sm.Draft(text="Spring is here", profiles=profiles, at=THURSDAY)


def profile(each: sm.Profile) -> Row:
    return Row("profile", str(each.ref), each.name)


def post(each: sm.Post) -> Row:
    likes = each.metrics.get("likes")
    value = None if likes is None else likes.value
    return Row("post", str(each.ref), each.text or "", each.created_at, value)


def message(each: sm.Message) -> Row:
    return Row("message", str(each.ref), each.text or "", each.created_at)


def figures(series: sm.MetricSeries) -> Iterator[Row]:
    for point in series:
        yield Row(
            "figure",
            str(point.subject),
            point.metric,
            point.start,
            point.value,
            point.status,
        )
    for each in series.missing:
        yield gap(each)


def gap(each: Missing) -> Row:
    subject = str(each.subject or each.network)
    return Row(
        "missing", subject, each.metric, remark=each.reason, instead=each.alternatives
    )


def receipt(publication: sm.Publication) -> Iterator[Row]:
    for each in publication.deliveries:
        subject = str(each.profile.ref)
        yield Row("published", subject, each.state, each.at, remark=each.reason or "")


def lack(operation: str, no: sm.Unsupported) -> Row:
    return Row("lacking", "", operation, remark=no.message, instead=no.alternatives)

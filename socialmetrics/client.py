"""The two clients: the same operations, blocking and asynchronous.

What they decide is in `session.py`, what they send in the adapters, how they send it
in `engine.py`; here the pieces are put together and run.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Self, TypeVar, overload

import attrs

from socialmetrics import session
from socialmetrics.adapter import Adapter, Capabilities
from socialmetrics.budget import Budget
from socialmetrics.course import Again, Options
from socialmetrics.engine import Engine, finish
from socialmetrics.errors import SocialMetricsError
from socialmetrics.figures import figures
from socialmetrics.ledger import Ledger
from socialmetrics.model import (
    Consignment,
    Draft,
    Issue,
    Message,
    Post,
    Profile,
    Publication,
    Topic,
)
from socialmetrics.plan import By, Part, Plan
from socialmetrics.publishing import Publisher
from socialmetrics.pull import AsyncPull, OnProgress, Pull, Tally
from socialmetrics.retry import Retry
from socialmetrics.series import MetricSeries
from socialmetrics.session import ProfilesLike, Session, SubjectsLike
from socialmetrics.transport import AsyncPort, BlockingPort, Line
from socialmetrics.window import Window
from socialmetrics.wire import Flow, Stream

T = TypeVar("T")
R = TypeVar("R")


@attrs.frozen(kw_only=True)
class Setup:
    """Everything that a client is made of, checked; `connect` fills it."""

    adapter: Adapter
    line: Line
    budget: Budget
    retry: Retry
    now: Callable[[], datetime]
    concurrency: int
    strict: bool
    ledger: Ledger


class _Shared:
    """What needs no I/O."""

    _adapter: Adapter
    _session: Session
    _publisher: Publisher

    def __init__(self, setup: Setup) -> None:
        self._adapter = setup.adapter
        self._concurrency = setup.concurrency
        self._session = Session(setup.adapter, setup.now, setup.budget.limits)
        self._ledger = setup.ledger

    @property
    def adapter(self) -> Adapter:
        """The vendor's adapter; its vendor-only calls are run with `run`."""
        return self._adapter

    @property
    def ledger(self) -> Ledger:
        """What was published with keys, also by others who share the file."""
        return self._ledger

    def now(self) -> datetime:
        """The instant (UTC) that ages and windows are measured by."""
        return self._session.now()

    def consignments(self, draft: Draft) -> tuple[Consignment, ...]:
        """What `publish` would send, one a request, with warnings; nothing is sent.

        Reads the draft's files. Raises `InvalidQuery` for what cannot be published.
        """
        self._session.require("publish")
        return self._publisher.consignments(draft)

    def capabilities(self) -> Capabilities:
        """Operations and metrics of this vendor, how deep, and why not."""
        return self._adapter.capabilities()

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self._adapter.name}>"


class Client(_Shared):
    """A blocking client of one vendor account; made by `connect`, used in `with`.

    Safe to share between threads. Lists are lazy: they fetch as they are iterated.
    """

    def __init__(self, setup: Setup) -> None:
        super().__init__(setup)
        self._port = BlockingPort(setup.line, setup.now)
        self._engine = _engine(setup, self._port)
        self._publisher = _publisher(setup, self._engine)

    def profiles(self) -> Pull[Profile]:
        """Every account that the credentials reach."""
        return self._pull(self._session.profiles(), "profiles", None)

    def topics(self) -> Pull[Topic]:
        """Every listening topic that the credentials reach."""
        return self._pull(self._session.topics(), "topics", None)

    def posts(
        self,
        profiles: ProfilesLike,
        window: Window,
        *,
        metrics: Sequence[str] = (),
        fields: Sequence[str] = (),
        progress: OnProgress | None = None,
    ) -> Pull[Post]:
        """Every post published in the window, in the vendor's order.

        `metrics` are lifetime figures as of now; `fields` are more of the vendor's
        fields for `raw`. `profiles` None means all. Raises `InvalidQuery` at once.
        """
        flow = self._session.posts(profiles, window, metrics=metrics, fields=fields)
        return self._pull(self.run(flow), "posts", progress)

    def messages(
        self,
        profiles: ProfilesLike,
        window: Window,
        *,
        where: Mapping[str, Sequence[str]] | None = None,
        fields: Sequence[str] = (),
        progress: OnProgress | None = None,
    ) -> Pull[Message]:
        """Every inbox message of the window, oldest first within a part.

        `where` narrows by the vendor's own filters: name to values.
        """
        flow = self._session.messages(
            profiles, window, where=where or {}, fields=fields
        )
        return self._pull(self.run(flow), "messages", progress)

    def plan(
        self,
        subjects: SubjectsLike,
        metrics: Sequence[str],
        window: Window | None = None,
        *,
        by: By | None = None,
    ) -> Plan[MetricSeries]:
        """What `metrics` would fetch, what would be missing and why, and the cost.

        Asks the vendor only to look up subjects that are given by name.
        """
        return self.run(self._session.metrics(subjects, metrics, window, by))

    def metrics(
        self,
        subjects: SubjectsLike,
        metrics: Sequence[str],
        window: Window | None = None,
        *,
        by: By | None = None,
        progress: OnProgress | None = None,
    ) -> MetricSeries:
        """The figures of these profiles, posts or topics, by day unless said else.

        Metrics that the vendor lacks are in `series.missing`, with reasons; only names
        that nobody knows raise. `by="total"` adds days up where the rules allow it.
        What had come before an error is in `error.partial`.
        """
        plan = self.plan(subjects, metrics, window, by=by)
        return self._figures(plan, "metrics", progress)

    def topic_messages(
        self,
        topic: Topic,
        window: Window,
        *,
        where: Sequence[object] = (),
        fields: Sequence[str] = (),
        progress: OnProgress | None = None,
    ) -> Pull[Message]:
        """Every public message that a topic found, oldest first.

        `where` holds conditions of the adapter's filter builder.
        """
        plan = self._session.topic_messages(topic, window, where=where, fields=fields)
        return self._pull(plan, "topic_messages", progress)

    def topic_metrics(
        self,
        topic: Topic,
        metrics: Sequence[str],
        window: Window,
        *,
        dimensions: Sequence[str] = (),
        where: Sequence[object] = (),
    ) -> MetricSeries:
        """Figures of a topic, split by dimensions (by day when none is named)."""
        plan = self._session.topic_metrics(
            topic, window, metrics=metrics, dimensions=dimensions, where=where
        )
        return self._figures(plan, "topic_metrics", None)

    def publish(
        self,
        draft: Draft,
        key: str | None = None,
        *,
        again: Again | None = None,
        remove_spare: bool = False,
        progress: OnProgress | None = None,
    ) -> Publication:
        """Publishes the draft, never twice; the receipt has every profile.

        `key` is any name of yours for it, remembered in the ledger: the same draft with
        the same key is not sent again, but answered with what became of it, also after
        a crash; another draft raises `InvalidQuery`. Where nobody knows whether it
        arrived, it is read back, and `OutcomeUnknown` is raised if it is not there.
        `again` sends once more where it "failed", or also where the outcome is
        "unknown". `remove_spare` withdraws what is there twice, as long as it can be.
        """
        self._session.require("publish")
        options = Options(again=again, remove_spare=remove_spare, progress=progress)
        return finish(self._publisher.publish(draft, key, options))

    def publication(self, key: str, *, remove_spare: bool = False) -> Publication:
        """What became of the publication with that key, as the vendor has it now.

        Nothing is sent anew. Raises `InvalidQuery` for a key that is not remembered.
        """
        self._session.require("publish")
        options = Options(remove_spare=remove_spare)
        return finish(self._publisher.publication(key, options))

    @overload
    def run(self, flow: Flow[R]) -> R: ...

    @overload
    def run(self, flow: Stream[T]) -> list[T]: ...

    def run(self, flow: Flow[R] | Stream[T]) -> R | list[T] | None:
        """The result of a vendor-only call: a flow or stream made by `client.adapter`.

        Of a stream, and of whatever returns None, the items of all pages.
        """
        return finish(self._engine.gathered(session.flow(flow)))

    def read(self, part: Part[T]) -> Generator[T, None, None]:
        """The items of one part of a plan, wherever the plan was made."""
        yield from self._pull(session.one(part), part.operation, None)

    def close(self) -> None:
        """Ends every wait and every pull, and closes every connection."""
        self._port.close()
        finish(self._engine.end_pulls())
        self._ledger.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _figures(
        self, plan: Plan[MetricSeries], operation: str, progress: OnProgress | None
    ) -> MetricSeries:
        pull = self._pull(plan, operation, progress)
        blocks: list[MetricSeries] = []
        with _kept(plan, blocks):
            blocks.extend(pull)
        return _series(plan, pull.issues, blocks)

    def _pull(
        self, plan: Plan[T], operation: str, progress: OnProgress | None
    ) -> Pull[T]:
        return Pull(Tally(plan, operation, progress), self._engine, self._concurrency)


class AsyncClient(_Shared):
    """The asynchronous client; made by `connect_async`, used in `async with`.

    The same calls as `Client`: lists are asynchronous iterators, the rest is awaited.
    One event loop each.
    """

    def __init__(self, setup: Setup) -> None:
        super().__init__(setup)
        self._port = AsyncPort(setup.line, setup.now)
        self._engine = _engine(setup, self._port)
        self._publisher = _publisher(setup, self._engine)

    def profiles(self) -> AsyncPull[Profile]:
        """Every account that the credentials reach."""
        return self._pull(_made(self._session.profiles()), "profiles", None)

    def topics(self) -> AsyncPull[Topic]:
        """Every listening topic that the credentials reach."""
        return self._pull(_made(self._session.topics()), "topics", None)

    def posts(
        self,
        profiles: ProfilesLike,
        window: Window,
        *,
        metrics: Sequence[str] = (),
        fields: Sequence[str] = (),
        progress: OnProgress | None = None,
    ) -> AsyncPull[Post]:
        """As `Client.posts`; raises at the first item."""
        flow = self._session.posts(profiles, window, metrics=metrics, fields=fields)
        return self._pull(flow, "posts", progress)

    def messages(
        self,
        profiles: ProfilesLike,
        window: Window,
        *,
        where: Mapping[str, Sequence[str]] | None = None,
        fields: Sequence[str] = (),
        progress: OnProgress | None = None,
    ) -> AsyncPull[Message]:
        """As `Client.messages`; raises at the first item."""
        flow = self._session.messages(
            profiles, window, where=where or {}, fields=fields
        )
        return self._pull(flow, "messages", progress)

    async def plan(
        self,
        subjects: SubjectsLike,
        metrics: Sequence[str],
        window: Window | None = None,
        *,
        by: By | None = None,
    ) -> Plan[MetricSeries]:
        """As `Client.plan`."""
        return await self.run(self._session.metrics(subjects, metrics, window, by))

    async def metrics(
        self,
        subjects: SubjectsLike,
        metrics: Sequence[str],
        window: Window | None = None,
        *,
        by: By | None = None,
        progress: OnProgress | None = None,
    ) -> MetricSeries:
        """As `Client.metrics`."""
        plan = await self.plan(subjects, metrics, window, by=by)
        return await self._figures(plan, "metrics", progress)

    def topic_messages(
        self,
        topic: Topic,
        window: Window,
        *,
        where: Sequence[object] = (),
        fields: Sequence[str] = (),
        progress: OnProgress | None = None,
    ) -> AsyncPull[Message]:
        """As `Client.topic_messages`."""
        plan = self._session.topic_messages(topic, window, where=where, fields=fields)
        return self._pull(_made(plan), "topic_messages", progress)

    async def topic_metrics(
        self,
        topic: Topic,
        metrics: Sequence[str],
        window: Window,
        *,
        dimensions: Sequence[str] = (),
        where: Sequence[object] = (),
    ) -> MetricSeries:
        """As `Client.topic_metrics`."""
        plan = self._session.topic_metrics(
            topic, window, metrics=metrics, dimensions=dimensions, where=where
        )
        return await self._figures(plan, "topic_metrics", None)

    async def publish(
        self,
        draft: Draft,
        key: str | None = None,
        *,
        again: Again | None = None,
        remove_spare: bool = False,
        progress: OnProgress | None = None,
    ) -> Publication:
        """As `Client.publish`."""
        self._session.require("publish")
        options = Options(again=again, remove_spare=remove_spare, progress=progress)
        return await self._publisher.publish(draft, key, options)

    async def publication(self, key: str, *, remove_spare: bool = False) -> Publication:
        """As `Client.publication`."""
        self._session.require("publish")
        options = Options(remove_spare=remove_spare)
        return await self._publisher.publication(key, options)

    @overload
    async def run(self, flow: Flow[R]) -> R: ...

    @overload
    async def run(self, flow: Stream[T]) -> list[T]: ...

    async def run(self, flow: Flow[R] | Stream[T]) -> R | list[T] | None:
        """As `Client.run`."""
        return await self._engine.gathered(session.flow(flow))

    def read(self, part: Part[T]) -> AsyncPull[T]:
        """As `Client.read`."""
        return self._pull(_made(session.one(part)), part.operation, None)

    async def aclose(self) -> None:
        """Ends what is under way and closes every connection.

        Raises `InvalidQuery` in another event loop than the one it was used in.
        """
        await self._port.aclose()
        await self._engine.end_pulls()
        self._ledger.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    async def _figures(
        self, plan: Plan[MetricSeries], operation: str, progress: OnProgress | None
    ) -> MetricSeries:
        pull = self._pull(_made(plan), operation, progress)
        blocks: list[MetricSeries] = []
        with _kept(plan, blocks):
            async for block in pull:
                blocks.append(block)  # noqa: PERF401 - what came is kept
        return _series(plan, pull.issues, blocks)

    def _pull(
        self, planning: Flow[Plan[T]], operation: str, progress: OnProgress | None
    ) -> AsyncPull[T]:
        tally = Tally(Plan[T](parts=()), operation, progress)
        return AsyncPull(tally, planning, self._engine, self._concurrency)


def _engine(setup: Setup, port: BlockingPort | AsyncPort) -> Engine:
    return Engine(
        adapter=setup.adapter,
        port=port,
        budget=setup.budget,
        retry=setup.retry,
        auth=setup.adapter.auth(),
        strict=setup.strict,
    )


def _publisher(setup: Setup, engine: Engine) -> Publisher:
    return Publisher(engine=engine, ledger=setup.ledger, address=setup.line.base_url)


def _made(plan: Plan[T]) -> Flow[Plan[T]]:
    """A plan that needed no question, as the flow that planning is."""
    yield from ()
    return plan


@contextmanager
def _kept(
    plan: Plan[MetricSeries], blocks: list[MetricSeries]
) -> Generator[None, None, None]:
    """An error of the pull takes along what had come before it."""
    try:
        yield
    except SocialMetricsError as err:
        err.partial = figures(plan, blocks)
        raise


def _series(
    plan: Plan[MetricSeries], issues: Iterable[Issue], blocks: list[MetricSeries]
) -> MetricSeries:
    return figures(plan, [*blocks, MetricSeries.empty(issues=issues)])

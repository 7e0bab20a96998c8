"""Reading the parts of a plan side by side, lazily, in the order of the plan.

Both pulls keep at most `concurrency` parts under way and a few pages of each in hand,
so that a long pull takes no more memory than a short one. Leaving the loop early stops
the rest.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import (
    AsyncGenerator,
    Callable,
    Generator,
    Iterable,
    Iterator,
    Sized,
)
from contextlib import aclosing, closing, suppress
from queue import Empty, Full, Queue, SimpleQueue
from typing import Final, Generic, Self, TypeAlias, TypeVar

import attrs

from socialmetrics.engine import Engine, Run, finish
from socialmetrics.errors import InvalidQuery
from socialmetrics.model import Issue, Missing
from socialmetrics.plan import Part, Plan
from socialmetrics.port import CLOSED
from socialmetrics.wire import Flow, Page

T = TypeVar("T")

PAGES_IN_HAND: Final = 2
SLICE: Final = 0.1
"""Seconds after which a thread that waits looks whether it still should."""


@attrs.frozen(kw_only=True)
class Progress:
    """How far an operation is: parts finished of parts planned, and rows so far."""

    operation: str
    done: int
    planned: int
    rows: int


OnProgress: TypeAlias = Callable[[Progress], None]


@attrs.define
class Tally(Generic[T]):
    """What has come of a plan so far; tells whoever wants to know."""

    plan: Plan[T]
    operation: str
    tell: OnProgress | None = None
    issues: list[Issue] = attrs.field(factory=list[Issue])
    rows: int = 0
    done: int = 0

    def page(self, page: Page[T]) -> tuple[T, ...]:
        """Counts a page and hands out its items."""
        self.issues.extend(page.issues)
        self.rows += _rows(page.items)
        self._tell()
        return page.items

    def part_done(self) -> None:
        """Counts a finished part."""
        self.done += 1
        self._tell()

    def _tell(self) -> None:
        if self.tell is not None:
            self.tell(
                Progress(
                    operation=self.operation,
                    done=self.done,
                    planned=len(self.plan.parts),
                    rows=self.rows,
                )
            )


def _rows(items: tuple[object, ...]) -> int:
    """Blocks of figures count their rows, anything else is one; a page has one kind."""
    if items and isinstance(items[0], Sized):
        return sum(len(item) for item in items if isinstance(item, Sized))
    return len(items)


class _Shared(Generic[T]):
    """What both pulls let one ask."""

    def __init__(self, tally: Tally[T]) -> None:
        self._tally = tally

    @property
    def plan(self) -> Plan[T]:
        """The plan that is being read; an asynchronous one is empty until it begins."""
        return self._tally.plan

    @property
    def missing(self) -> tuple[Missing, ...]:
        """What will not come, and why; known before the first request."""
        return self._tally.plan.missing

    @property
    def issues(self) -> list[Issue]:
        """What was odd in the answers read so far."""
        return self._tally.issues


class Pull(_Shared[T]):
    """An iterator over all items of a plan, fetched as they are asked for."""

    def __init__(self, tally: Tally[T], engine: Engine, concurrency: int = 1) -> None:
        super().__init__(tally)
        self._items = _items(tally, engine, concurrency)

    def __iter__(self) -> Iterator[T]:
        return self._items  # Not `self`: a loop asks it for every single item.

    def __next__(self) -> T:
        return next(self._items)

    def close(self) -> None:
        """Stops fetching."""
        self._items.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _items(
    tally: Tally[T], engine: Engine, concurrency: int
) -> Generator[T, None, None]:
    parts = tally.plan.parts
    if min(len(parts), concurrency) > 1:
        source = _side_by_side(tally, engine, concurrency)
    else:
        source = _one_by_one(tally, engine)
    with closing(source):
        for page in source:
            yield from tally.page(page)


def _pages(engine: Engine, part: Part[T]) -> Generator[Page[T], None, None]:
    run = Run[T, None](engine, engine.adapter.read(part))
    with closing(run):
        while (page := finish(run.next_page())) is not None:
            yield page


def _one_by_one(tally: Tally[T], engine: Engine) -> Generator[Page[T], None, None]:
    for part in tally.plan.parts:
        yield from _pages(engine, part)
        tally.part_done()


class _Lane(Generic[T]):
    """The pages of one part on their way from its thread to the reader."""

    def __init__(self, stop: threading.Event) -> None:
        self._queue = Queue[Page[T] | BaseException | None](PAGES_IN_HAND)
        self._stop = stop

    def put(self, item: Page[T] | BaseException | None) -> bool:
        while not self._stop.is_set():
            with suppress(Full):
                self._queue.put(item, timeout=SLICE)
                return True
        return False

    def __iter__(self) -> Iterator[Page[T]]:
        while (item := self._get()) is not None:
            if isinstance(item, BaseException):
                raise item
            yield item

    def _get(self) -> Page[T] | BaseException | None:
        while not self._stop.is_set():
            with suppress(Empty):
                return self._queue.get(timeout=SLICE)
        raise InvalidQuery(CLOSED)


def _fill(lane: _Lane[T], engine: Engine, part: Part[T]) -> None:
    end: BaseException | None = None
    try:
        with closing(_pages(engine, part)) as pages:
            for page in pages:
                if not lane.put(page):
                    return
    except BaseException as err:  # noqa: BLE001 - raised again by the reader
        end = err
    lane.put(end)


_Work: TypeAlias = SimpleQueue[tuple[_Lane[T], Part[T]]]


def _work(work: _Work[T], engine: Engine, stop: threading.Event) -> None:
    with suppress(Empty):
        while not stop.is_set():
            lane, part = work.get_nowait()
            _fill(lane, engine, part)


def _side_by_side(
    tally: Tally[T], engine: Engine, concurrency: int
) -> Generator[Page[T], None, None]:
    stop = threading.Event()

    async def end() -> None:
        stop.set()

    lanes = [_Lane[T](stop) for _ in tally.plan.parts]
    work: _Work[T] = SimpleQueue()
    for each in zip(lanes, tally.plan.parts, strict=True):
        work.put(each)
    engine.live.add(end)
    try:
        _start(min(concurrency, len(lanes)), work, engine, stop)
        for lane in lanes:
            yield from lane
            tally.part_done()
    finally:
        # The threads are not waited for: an answer under way ends by its deadline, or
        # when the client is closed.
        stop.set()
        engine.live.discard(end)


def _start(count: int, work: _Work[T], engine: Engine, stop: threading.Event) -> None:
    # Daemons, and no executor: Python waits for the others when it ends, and a reader
    # that was never closed would keep them for ever.
    for number in range(count):
        name, given = f"socialmetrics_{number}", (work, engine, stop)
        threading.Thread(target=_work, args=given, name=name, daemon=True).start()


class AsyncPull(_Shared[T]):
    """An asynchronous iterator over all items of a plan, fetched as asked for."""

    def __init__(
        self,
        tally: Tally[T],
        planning: Flow[Plan[T]],
        engine: Engine,
        concurrency: int = 1,
    ) -> None:
        super().__init__(tally)
        self._items = _async_items(tally, planning, engine, concurrency)

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> T:
        return await anext(self._items)

    async def aclose(self) -> None:
        """Stops fetching."""
        await self._items.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()


_AsyncLane: TypeAlias = "asyncio.Queue[Page[T] | BaseException | None]"


class _Crew(Generic[T]):
    """The tasks of one pull, and the lanes that they fill."""

    def __init__(
        self, parts: Iterable[Part[T]], engine: Engine, concurrency: int
    ) -> None:
        pairs: list[tuple[_AsyncLane[T], Part[T]]] = [
            (asyncio.Queue(PAGES_IN_HAND), part) for part in parts
        ]
        self.lanes = [lane for lane, _ in pairs]
        work = iter(pairs)
        self._workers = [
            asyncio.create_task(_async_work(work, engine))
            for _ in range(min(concurrency, len(pairs)))
        ]

    async def end(self) -> None:
        for worker in self._workers:
            worker.cancel()
        await asyncio.gather(*self._workers, return_exceptions=True)
        for lane in self.lanes:
            while not lane.empty():
                lane.get_nowait()
            lane.put_nowait(InvalidQuery(CLOSED))  # For a reader that waits.


async def _async_items(
    tally: Tally[T], planning: Flow[Plan[T]], engine: Engine, concurrency: int
) -> AsyncGenerator[T, None]:
    tally.plan = await engine.run(planning)
    crew = _Crew(tally.plan.parts, engine, concurrency)
    engine.live.add(crew.end)
    try:
        for lane in crew.lanes:
            while (page := await lane.get()) is not None:
                if isinstance(page, BaseException):
                    raise page
                for item in tally.page(page):
                    yield item
            tally.part_done()
    finally:
        engine.live.discard(crew.end)
        await crew.end()


async def _async_work(
    work: Iterable[tuple[_AsyncLane[T], Part[T]]], engine: Engine
) -> None:
    for lane, part in work:
        try:
            async with aclosing(async_pages(engine, part)) as pages:
                async for page in pages:
                    await lane.put(page)
        except asyncio.CancelledError:
            raise
        except BaseException as err:  # noqa: BLE001 - raised again by the reader
            await lane.put(err)
        else:
            await lane.put(None)


async def async_pages(engine: Engine, part: Part[T]) -> AsyncGenerator[Page[T], None]:
    """The pages of one part, as they come."""
    run = Run[T, None](engine, engine.adapter.read(part))
    with closing(run):
        while (page := await run.next_page()) is not None:
            yield page

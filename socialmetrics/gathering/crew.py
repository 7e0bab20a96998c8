"""Several tools asked side by side, each in a thread of its own, told of as one."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from functools import partial
from queue import SimpleQueue
from threading import Lock, Thread
from typing import Final, Generic, TypeVar

import attrs

from socialmetrics.errors import SocialMetricsError
from socialmetrics.pull import OnProgress, Progress

T = TypeVar("T")
OPERATION: Final = "gather"


class Stopped(Exception):
    """Another tool has failed, so that nobody waits for this one."""


@attrs.frozen
class _Ended(Generic[T]):
    """A task that is over: with a result, or with an error."""

    name: str
    results: tuple[T, ...] = ()
    error: BaseException | None = None


@attrs.define
class Crew:
    """Runs tasks of tools side by side, and tells how far all of them are together.

    `tell` is called from several threads, one at a time.
    """

    tell: OnProgress | None = None
    _told: list[Progress] = attrs.field(factory=list[Progress], init=False)
    _lock: Lock = attrs.field(factory=Lock, init=False)
    _is_stopped: bool = attrs.field(default=False, init=False)

    def watch(self) -> OnProgress:
        """A callback for one more pull, whose parts count among all the others."""
        with self._lock:
            place = len(self._told)
            self._told.append(Progress(operation=OPERATION, done=0, planned=0, rows=0))
        return partial(self._move, place)

    def run(self, tasks: Mapping[str, Callable[[], T]]) -> dict[str, T]:
        """What every task gives, by the name of its tool, in the order given.

        Raises the first error, which names its tool; the others are not waited for,
        and stop at their next page.
        """
        ended = SimpleQueue[_Ended[T]]()
        for name, task in tasks.items():
            # Daemons: Python would wait for others when it ends.
            Thread(target=_run, args=(name, task, ended), daemon=True).start()
        results: dict[str, T] = {}
        try:
            while len(results) < len(tasks):
                one = ended.get()
                if one.error is not None:
                    raise one.error
                results |= dict.fromkeys([one.name], *one.results)
        finally:
            self._is_stopped = len(results) < len(tasks)
        return {name: results[name] for name in tasks}

    def _move(self, place: int, progress: Progress) -> None:
        if self._is_stopped:
            raise Stopped
        with self._lock:
            self._told[place] = progress
            if self.tell is not None:
                self.tell(_together(self._told))


def _together(told: list[Progress]) -> Progress:
    return Progress(
        operation=OPERATION,
        done=sum(each.done for each in told),
        planned=sum(each.planned for each in told),
        rows=sum(each.rows for each in told),
    )


def _run(name: str, task: Callable[[], T], ended: SimpleQueue[_Ended[T]]) -> None:
    try:
        with naming(name):
            found = task()
    except BaseException as err:  # noqa: BLE001 - raised again by who waits
        ended.put(_Ended(name, error=err))
    else:
        ended.put(_Ended(name, (found,)))


@contextmanager
def naming(name: str) -> Generator[None]:
    """An error of that tool says whose it is."""
    try:
        yield
    except SocialMetricsError as err:
        if err.vendor is None:
            err.vendor = name
        elif name.casefold() != err.vendor.casefold() and name not in err.vendor:
            err.vendor = f"{name} ({err.vendor})"
        raise

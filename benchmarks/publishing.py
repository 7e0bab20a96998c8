"""What publishing costs of its own for a message: the ledger, the lock, the deciding.

The vendor answers at once and without a wire, so all the time is the library's. Taken
off are the same request through the bare engine, and the one wait until the disk has
what is about to be sent, which a bare commit takes by turns; it is told beside it.
"""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Mapping
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

import attrs

from benchmarks.measure import Options, Result, show
from socialmetrics.course import Options as Allowed
from socialmetrics.engine import finish
from socialmetrics.model import Draft
from socialmetrics.wire import Request
from tests.core.ports import Outcome
from tests.core.press import Desk
from tests.core.press_api import PressApi
from tests.core.toy import profile
from tests.core.toy_api import told

TARGET = 1.0
"""Milliseconds a message, the median."""
PROFILES = 5
MESSAGES = 400
SIZE = 2700
ALLOWED = Allowed()


def run(options: Options) -> list[Result]:
    """With a key, with a key that is known, and without one."""
    messages = MESSAGES // 4 if options.quick else MESSAGES
    with TemporaryDirectory() as folder:
        desk, disk = _desk(Path(folder) / "ledger.db"), Disk(Path(folder) / "bare.db")
        _published(desk, "first")
        bare = median(_bare(desk) for _ in range(messages))
        numbers = list(map(str, range(messages)))
        both = [(_published(desk, each), disk.commit(each)) for each in numbers]
        again = [_published(desk, each) for each in numbers]
        without = [_published(desk, None) for _ in numbers]
        disk.close()
    waits = median(wait for _, wait in both) * 1000
    return [
        _result(
            "with a key",
            [took - wait for took, wait in both],
            bare,
            f"; besides one wait for the disk, of {waits:.2f} ms",
        ),
        _result("a key that is known already", again, bare=0.0),
        _result("without a key", without, bare),
    ]


class Disk:
    """A bare commit that outlives a power cut, of as much text as an entry has."""

    def __init__(self, path: Path) -> None:
        self._db = sqlite3.connect(path, isolation_level=None)
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("CREATE TABLE entry (key TEXT PRIMARY KEY, text TEXT)")

    def commit(self, key: str) -> float:
        """The seconds that it takes."""
        begin = perf_counter()
        self._db.execute("REPLACE INTO entry VALUES (?, ?)", (key, "x" * SIZE))
        return perf_counter() - begin

    def close(self) -> None:
        self._db.close()


def _desk(path: Path) -> Desk:
    desk = Desk(PressApi(), path)
    desk.port = attrs.evolve(desk.port, handler=_answer)
    return desk


def _answer(request: Request, path: str, headers: Mapping[str, str]) -> Outcome:
    made = [{"id": f"m{i}", "profile": f"p{i}"} for i in range(PROFILES)]
    return told({"messages": made}, 201)


def _draft() -> Draft:
    return Draft(text="hello " * 40, profiles=[profile(i) for i in range(PROFILES)])


def _published(desk: Desk, key: str | None) -> float:
    draft, publisher = _draft(), desk.publisher
    begin = perf_counter()
    found = finish(publisher.publish(draft, key, ALLOWED))
    took = perf_counter() - begin
    assert len(found.deliveries) == PROFILES
    return took


def _bare(desk: Desk) -> float:
    """The same request through the engine, and nothing else."""
    draft, publisher = _draft(), desk.publisher
    (consignment,) = publisher.consignments(draft)
    begin = perf_counter()
    finish(publisher.engine.run(publisher.engine.adapter.publish(consignment)))
    return perf_counter() - begin


def _result(what: str, seconds: list[float], bare: float, more: str = "") -> Result:
    own = (median(seconds) - bare) * 1000
    slow = (sorted(seconds)[int(len(seconds) * 0.95)] - bare) * 1000
    return Result(
        what=f"publishing {what}: {PROFILES} profiles",
        measured=f"{own:.2f} ms a message (95 % below {slow:.2f} ms){more}",
        target=f"below {TARGET:g} ms",
        is_met=own < TARGET,
    )


if __name__ == "__main__":
    show(run(Options(quick="--quick" in sys.argv)))

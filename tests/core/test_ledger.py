"""What was published is remembered by whoever opens the file, or it is said why not."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sqlite3
import stat
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import attrs
import pytest
from filelock import FileLock

from socialmetrics import ledger_file as module
from socialmetrics.claims import MOST, Handed, Share
from socialmetrics.entry import Entry, Sending, begun
from socialmetrics.errors import InvalidQuery
from socialmetrics.ledger import Ledger
from socialmetrics.ledger_file import OURS, Locked, default_path
from socialmetrics.model import Consignment, Delivery, File
from tests.core.press import FIRST, FULL, PHOTO, SECOND, draft, told
from tests.core.toy import NOW


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ledger.db"


@pytest.fixture
def ledger(path: Path) -> Iterator[Ledger]:
    with Ledger(path) as ours:
        yield ours


def entry(key: str = "spring", adapter: str = "toy", at: datetime = NOW) -> Entry:
    given = draft("hello", FIRST, SECOND)
    return begun(given, adapter=adapter, key=key, content={"text": "t"}, now=at)


def under_way(key: str = "spring") -> Entry:
    consignment = Consignment(draft=draft("hello", FIRST), notes=("odd",))
    return entry(key).sent(Sending(consignment=consignment, sent_at=NOW))


def test_what_is_written_is_found_by_another_one(path: Path, ledger: Ledger) -> None:
    media = (PHOTO, *draft(media=[Path("a.png")]).media)
    consignment = Consignment(draft=attrs.evolve(FULL, media=media))
    whole = entry().sent(Sending(consignment=consignment, sent_at=NOW)).noted("odd")

    ledger.write(whole)

    assert Ledger(path).find("toy", "spring") == whole
    assert Ledger(path).find("toy", "autumn") is None
    assert Ledger(path).find("tool", "spring") is None


def test_what_is_written_again_replaces_what_was_there(ledger: Ledger) -> None:
    ledger.write(under_way())
    ledger.write(entry(), durably=False)

    assert ledger.entries() == [entry()]


def test_entries_are_listed_oldest_first(ledger: Ledger) -> None:
    local = (NOW - timedelta(hours=1)).astimezone(
        datetime.now().astimezone().tzinfo or UTC
    )
    for each in (entry("b"), under_way("a"), entry("c", "tool", local)):
        ledger.write(each)

    assert [(e.adapter, e.key, e.states) for e in ledger.entries()] == [
        ("tool", "c", ("not sent",)),
        ("toy", "a", ("unknown", "not sent")),
        ("toy", "b", ("not sent",)),
    ]
    assert [e.key for e in ledger.entries("toy")] == ["a", "b"]


def test_old_entries_are_forgotten_when_it_is_asked_for(ledger: Ledger) -> None:
    old = NOW - timedelta(days=9)
    for each in (entry("old", at=old), entry("new"), under_way("open")):
        ledger.write(each)

    assert ledger.forget(NOW) == 1
    assert [e.key for e in ledger.entries()] == ["new", "open"]
    assert ledger.forget(NOW + timedelta(days=1)) == 1
    assert [e.key for e in ledger.entries()] == ["open"]
    with pytest.raises(InvalidQuery, match="without a time zone"):
        ledger.forget(NOW.replace(tzinfo=None))


def test_an_entry_of_nothing_is_dropped(ledger: Ledger) -> None:
    ledger.write(entry())

    ledger.drop(entry())

    assert ledger.entries() == []


def test_ids_of_other_keys_are_told(ledger: Ledger) -> None:
    made = Delivery(profile=FIRST, state="sent", vendor_id="m-1")
    ledger.write(entry("one").delivered([made]))

    assert [e.key for e in ledger.others("toy", "two", ["m-1", "9"])] == ["one"]
    assert ledger.others("toy", "two", ["9"]) == []
    assert ledger.others("toy", "one", ["m-1"]) == []
    assert ledger.others("tool", "two", ["m-1"]) == []


def test_others_that_are_not_settled_are_told(path: Path, ledger: Ledger) -> None:
    assert Ledger(path.with_name("none.db")).others("toy", "two", []) == []
    ledger.write(under_way("one"))

    assert [e.key for e in ledger.others("toy", "two", [])] == ["one"]


def test_what_is_decided_is_written_in_the_same_transaction(ledger: Ledger) -> None:
    def decide(others: list[Entry]) -> Share:
        assert others == []
        with pytest.raises(Locked):
            Ledger(ledger.path).write(entry("other"))
        return Share(entry=under_way())

    assert ledger.claim(entry(), [], decide).entry == under_way()
    assert ledger.entries() == [under_way()]


def test_what_is_not_decided_is_not_written(ledger: Ledger) -> None:
    def decide(_: list[Entry]) -> Share:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        ledger.claim(entry(), [], decide)
    ledger.write(entry())

    assert ledger.entries() == [entry()]


def test_the_file_is_for_its_owner_alone(path: Path, ledger: Ledger) -> None:
    ledger.write(entry())

    files = [path, path.with_name("ledger.db-wal"), path.with_name("ledger.db-shm")]
    assert [stat.S_IMODE(each.stat().st_mode) for each in files] == [0o600] * 3
    locks = path.with_name("ledger.db.locks")
    assert stat.S_IMODE(locks.stat().st_mode) == 0o700


def test_nothing_is_made_before_it_is_needed(path: Path) -> None:
    with Ledger(path) as ledger:
        assert repr(ledger) == f"Ledger({str(path)!r})"

    assert not path.exists()


def test_a_file_shows_its_size_and_not_its_contents() -> None:
    file = File(name="a.png", content_type="image/png", content=b"xyz")

    assert repr(file).endswith("content=<3 bytes>)")


def test_the_usual_place_is_the_user_s(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))

    with Ledger() as ledger:
        ledger.write(entry())

    assert ledger.path == default_path() == tmp_path / "data/socialmetrics/ledger.db"
    assert stat.S_IMODE(ledger.path.parent.stat().st_mode) == 0o700


def test_a_lock_may_be_the_first_thing_that_is_needed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))

    turn = Ledger().turn("toy", "spring")

    assert turn.take()
    assert not Ledger().turn("toy", "spring").take()
    turn.give_back()
    turn.give_back()
    assert Ledger().turn("toy", "spring").take()


# -- what it cannot be --------------------------------------------------------------


def text(path: Path) -> None:
    path.write_text("no database\n" * 100)


def folder(path: Path) -> None:
    path.mkdir()


def foreign(path: Path) -> None:
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE other (a)")
    db.close()


def newer(path: Path) -> None:
    with Ledger(path) as ledger:
        told(ledger, "PRAGMA user_version = 2")


def damaged(path: Path) -> None:
    with Ledger(path) as ledger:
        ledger.write(entry())
        told(ledger, "UPDATE publication SET entry = '{}'")


def torn(path: Path) -> None:
    with Ledger(path) as ledger:
        for number in range(99):
            ledger.write(entry(str(number)))
    held = path.read_bytes()
    path.write_bytes(held[:5000] + b"\xff" * (len(held) - 5000))


def without_table(path: Path) -> None:
    foreign(path)
    with sqlite3.connect(path) as db:
        db.execute(f"PRAGMA application_id = {OURS}")
    db.close()


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (text, "it is no database; name another file"),
        (folder, "it cannot be opened"),
        (foreign, "it is another program's database; name another file"),
        (
            newer,
            r"a newer socialmetrics made it \(its form is 2, this one knows up to 1",
        ),
        (damaged, "an entry of it is damaged: "),
        (torn, "it is damaged; name another file"),
        (without_table, "no such table"),
    ],
)
def test_a_file_that_is_no_ledger_is_told(
    path: Path, make: Callable[[Path], None], words: str
) -> None:
    make(path)

    with pytest.raises(InvalidQuery, match=f"ledger='.*' cannot be used: {words}"):
        Ledger(path).entries()


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "nowhere" / "ledger.db")

    with pytest.raises(InvalidQuery, match="cannot be used: No such file"):
        ledger.entries()
    with pytest.raises(InvalidQuery, match="cannot be used: No such file"):
        ledger.turn("toy", "spring")


@pytest.mark.parametrize("given", ["", "a\0b", b"ledger.db", 5])
def test_what_is_no_path_is_told(given: Any) -> None:
    with pytest.raises(InvalidQuery, match=r"ledger=.* is no path of a file"):
        Ledger(given)


@pytest.fixture
def protected(monkeypatch: pytest.MonkeyPatch) -> None:
    """No file may be written, as far as anybody asks."""
    good = os.access

    def access(path: Path, mode: int) -> bool:
        return good(path, mode) and mode != os.W_OK

    monkeypatch.setattr(os, "access", access)


@pytest.mark.usefixtures("protected")
@pytest.mark.parametrize("has_log", [True, False])
def test_a_file_that_must_not_be_written_is_read(path: Path, has_log: bool) -> None:
    with Ledger(path) as writer:
        writer.write(entry())
        if not has_log:
            writer.close()
        with Ledger(path) as reader:
            assert reader.is_read_only
            assert reader.find("toy", "spring") == entry()
            with pytest.raises(InvalidQuery, match="it cannot be written"):
                reader.write(entry())


@pytest.mark.usefixtures("protected")
def test_another_file_that_must_not_be_written_is_told(path: Path) -> None:
    foreign(path)

    with pytest.raises(InvalidQuery, match="it is another program's database"):
        Ledger(path).entries()


def test_what_is_decided_and_cannot_be_written_is_told(ledger: Ledger) -> None:
    told(ledger, "PRAGMA max_page_count = 1")

    def decide(_: list[Entry]) -> Share:
        return Share(entry=entry().noted("x" * 9_000_000))

    with pytest.raises(InvalidQuery, match="the disk is full"):
        ledger.claim(entry(), [], decide)
    assert ledger.entries() == []


@pytest.mark.parametrize("is_replaced", [True, False])
def test_a_file_that_is_gone_is_told(
    path: Path, ledger: Ledger, is_replaced: bool
) -> None:
    ledger.write(entry())
    held = path.read_bytes()
    path.rename(path.with_name("old.db"))
    if is_replaced:
        path.write_bytes(held)

    for _ in range(2):
        with pytest.raises(InvalidQuery, match="was deleted or replaced while it was"):
            ledger.write(entry())

    path.with_name("old.db").replace(path)
    ledger.write(entry("autumn"))
    assert len(ledger.entries()) == 2


def test_a_lock_is_not_left_to_processes_that_were_forked(ledger: Ledger) -> None:
    turn = ledger.turn("toy", "spring")
    assert turn.take()
    child = multiprocessing.get_context("fork").Process(target=signal.pause)
    child.start()
    try:
        turn.give_back()
        assert ledger.turn("toy", "spring").take()
    finally:
        child.kill()
        child.join()


def test_ids_without_a_key_are_remembered_up_to_a_number() -> None:
    handed = Handed()

    handed.add(["first"])
    handed.add(map(str, range(MOST)))

    assert len(handed.ids) == MOST
    assert "first" not in handed.ids


def test_a_lock_that_cannot_be_taken_is_told(path: Path, ledger: Ledger) -> None:
    ledger.turn("toy", "spring").take()
    (lock,) = path.with_name("ledger.db.locks").glob("*.lock")
    lock.unlink()
    lock.mkdir()

    with pytest.raises(InvalidQuery, match="cannot be used: Is a directory"):
        ledger.turn("toy", "spring").take()


@pytest.mark.parametrize(
    ("pragma", "words"),
    [
        ("query_only = ON", "it cannot be written"),
        ("max_page_count = 1", "the disk is full"),
    ],
)
def test_what_keeps_it_from_being_written_is_told(
    ledger: Ledger, pragma: str, words: str
) -> None:
    told(ledger, f"PRAGMA {pragma}")
    large = entry().noted("x" * 100_000)

    with pytest.raises(InvalidQuery, match=words):
        ledger.write(large)


def test_a_ledger_that_is_locked_is_told(
    path: Path, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "BUSY", 0.001)
    ledger.entries()
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    with pytest.raises(Locked, match="is locked by another program"):
        ledger.write(entry())

    other.execute("ROLLBACK")
    other.close()
    ledger.write(entry())


def test_whoever_makes_it_at_the_same_time_is_waited_for(
    path: Path, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PATIENCE", 0.01)
    locks = path.with_name("ledger.db.locks")
    locks.mkdir()
    with FileLock(locks / "creation.lock"), pytest.raises(Locked):
        ledger.entries()

    assert ledger.entries() == []


def test_what_another_one_made_in_between_is_not_made_again(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Ledger(path) as first:
        first.write(entry())
    looks = iter([True, False])  # Empty at first, and made when it was our turn.

    def is_empty(*_: object) -> bool:
        return next(looks)

    monkeypatch.setattr(module.LedgerFile, "_is_empty", is_empty)

    with Ledger(path) as second:
        assert len(second.entries()) == 1


def test_threads_make_it_once(path: Path) -> None:
    def write(number: int) -> None:
        with Ledger(path) as ledger:
            while True:
                try:
                    return ledger.write(entry(str(number)))
                except Locked:
                    threading.Event().wait(0.01)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(8)))

    assert len(Ledger(path).entries()) == 8


def written_by_a_child(ledger: Ledger) -> None:
    ledger.write(entry("child"))
    ledger.close()
    os._exit(0)


def test_a_fork_opens_it_anew(path: Path, ledger: Ledger) -> None:
    ledger.write(entry("parent"))
    child = multiprocessing.get_context("fork").Process(
        target=written_by_a_child, args=(ledger,)
    )

    child.start()
    child.join()

    assert child.exitcode == 0
    assert [each.key for each in ledger.entries()] == ["child", "parent"]


def test_a_connection_of_another_process_is_left_alone(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger.write(entry("parent"))
    monkeypatch.setattr(os, "getpid", lambda: 1)
    ledger.write(entry("child"))
    monkeypatch.undo()
    ledger.close()

    assert [each.key for each in ledger.entries()] == ["child", "parent"]

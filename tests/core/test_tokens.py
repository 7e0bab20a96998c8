"""Stores keep tokens whole, for their user only, and name every bad state."""

from __future__ import annotations

import errno
import json
import os
import stat
import sys
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import attrs
import pytest
from filelock import FileLock
from hypothesis import given
from hypothesis import strategies as st

from socialmetrics import token_file, tokens
from socialmetrics.errors import InvalidQuery
from socialmetrics.secret import Secret
from socialmetrics.token_file import FileLocked, FileStore, lock_beside
from socialmetrics.token_keyring import SERVICE, KeyringStore
from socialmetrics.tokens import (
    MemoryStore,
    Tokens,
    TokenStore,
    digest,
    prove,
    read,
    store_of,
    written,
)
from tests.core.processes import keep

ME = "tool/app/me"
YOU = "tool/app/you"
HUSH = "hush-hush-7f3a9c"
MINE = Tokens(
    access_token=Secret(HUSH),
    refresh_token=Secret(f"{HUSH}-2"),
    expires_at=1e9 + 0.125,
    life=3599.0,
    scope="offline",
    is_rotated=True,
    use="sent",
    begun_with="abc",
)


class Keyring:
    """A desktop's keyring, as the package shows it."""

    def __init__(self, priority: float = 5.0) -> None:
        self.priority = priority
        self.kept: dict[tuple[str, str], str] = {}
        self.is_locked = False

    def get_password(self, service: str, username: str) -> str | None:
        self._look()
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self._look(password)
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        self._look()
        del self.kept[service, username]

    def _look(self, said: str = "") -> None:
        if self.is_locked:
            raise RuntimeError(f"cannot keep {said}")


@pytest.fixture
def keyring(monkeypatch: pytest.MonkeyPatch) -> Keyring:
    found = Keyring()
    monkeypatch.setattr("keyring.get_keyring", lambda: found)
    return found


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    return tmp_path / "data" / "socialmetrics"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "tokens.json"


def broken(step: Callable[[], object]) -> str:
    with pytest.raises(InvalidQuery) as caught:
        step()
    text = str(caught.value)
    assert HUSH not in f"{text}{caught.value!r}{caught.value.__context__!r}"
    return text


# -- every store -----------------------------------------------------------------------


@pytest.fixture(params=["memory", "file", "keyring"])
def store(request: pytest.FixtureRequest, keyring: Keyring) -> TokenStore:
    return store_of(request.param)


def test_what_is_saved_is_loaded_until_it_is_deleted(store: TokenStore) -> None:
    assert store.load(ME) is None
    assert store.delete(ME) is False

    store.save(ME, MINE)
    store.save(YOU, attrs.evolve(MINE, refresh_token=None, expires_at=None, life=None))
    store.save(ME, attrs.evolve(MINE, scope=""))

    assert store.load(ME) == attrs.evolve(MINE, scope="")
    assert store.load(YOU) == attrs.evolve(
        MINE, refresh_token=None, expires_at=None, life=None
    )
    assert [store.delete(ME), store.delete(ME)] == [True, False]
    assert store.load(ME) is None
    assert store.load(YOU) is not None


def test_a_store_is_one_and_shows_no_token(store: TokenStore) -> None:
    store.save(ME, MINE)

    assert isinstance(store, TokenStore)
    assert HUSH not in f"{store!r}{store.place}{store.load(ME)!r}"
    assert store_of(store) is store


def test_one_has_the_lock_of_an_account(store: TokenStore) -> None:
    mine, same, other = store.lock(ME), store.lock(ME), store.lock(YOU)

    assert [mine.take(), same.take(), other.take()] == [True, False, True]
    thread = threading.Thread(target=mine.give)
    thread.start()
    thread.join()
    assert same.take()
    same.give()
    other.give()


def test_a_proof_leaves_nothing(store: TokenStore) -> None:
    store.save(ME, MINE)

    prove(store, ME)

    assert store.load(ME) == MINE
    assert store.load(f"{ME} (a trial)") is None


@given(
    st.builds(
        Tokens,
        access_token=st.none()
        | st.builds(Secret, st.text(st.characters(codec="utf-8"))),
        refresh_token=st.none()
        | st.builds(Secret, st.text(st.characters(codec="utf-8"))),
        expires_at=st.none() | st.floats(0, 1e12),
        life=st.none() | st.floats(0, 1e9),
        scope=st.text(st.characters(codec="utf-8")),
        is_rotated=st.booleans(),
        use=st.sampled_from(["unused", "sent", "refused"]),
    )
)
def test_any_tokens_are_read_as_they_were_written(any_: Tokens) -> None:
    assert read(written(any_)) == any_


@given(st.text())
def test_any_other_text_is_none(text: str) -> None:
    assert read(Secret(text)) is None


def test_digests_tell_tokens_apart_and_do_not_show_them() -> None:
    one, two = Secret("one"), Secret("two")

    assert digest(one, two) == digest(Secret("one"), Secret("two"))
    assert len({digest(one), digest(two), digest(one, two), digest(two, one)}) == 4
    assert "one" not in digest(one)


# -- the life of a token ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("life", "early"),
    [(None, 0.0), (3599.0, 300.0), (3000.0, 300.0), (600.0, 60.0), (2.0, 0.2)],
)
def test_the_time_ahead_is_scaled(life: float | None, early: float) -> None:
    assert Tokens(access_token=None, life=life).early == pytest.approx(early)


def test_what_is_left_is_never_more_than_the_life() -> None:
    mine = attrs.evolve(MINE, expires_at=1000.0, life=100.0)

    assert mine.left(950.0) == 50
    assert mine.left(1001.0) == -1
    assert mine.left(0.0) == 100  # a clock that was set back
    assert attrs.evolve(mine, life=None).left(0.0) == 1000
    assert attrs.evolve(mine, expires_at=None).left(0.0) == float("inf")


# -- which store -----------------------------------------------------------------------


def test_nothing_said_is_the_keyring_where_there_is_one(keyring: Keyring) -> None:
    store_of(None).save(ME, MINE)

    assert list(keyring.kept) == [(SERVICE, ME)]


@pytest.mark.parametrize("priority", [0.0, 0.5, -1.0])
def test_nothing_said_is_else_a_file_of_the_user(
    keyring: Keyring, home: Path, priority: float
) -> None:
    keyring.priority = priority

    store = store_of(None)
    store.save(ME, MINE)

    assert store.place == str(home / "tokens.json")
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    assert list(Path().iterdir()) == []


def test_nothing_said_is_a_file_without_the_package(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "keyring", None)

    assert store_of(None).place == str(home / "tokens.json")
    assert "pip install" in broken(lambda: store_of("keyring"))


def test_nothing_said_is_memory_where_nothing_can_be_written(
    keyring: Keyring, home: Path, caplog: pytest.LogCaptureFixture
) -> None:
    keyring.priority = 0.0
    home.parent.write_text("")

    assert isinstance(store_of(None), MemoryStore)
    assert f"tokens are kept in memory only, because {home} cannot" in caplog.text


def test_a_relative_data_folder_is_not_the_working_folder(
    monkeypatch: pytest.MonkeyPatch, keyring: Keyring
) -> None:
    keyring.priority = 0.0
    monkeypatch.setenv("XDG_DATA_HOME", "data")

    assert not Path(store_of("file").place).is_relative_to(Path.cwd())


def test_a_path_is_a_file(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/acme")

    assert store_of(path).place == str(path)
    assert store_of(str(path)).place == str(path)
    assert store_of("~/t").place == "/home/acme/t"
    assert store_of("t.json").place == str(Path.cwd() / "t.json")


@pytest.mark.parametrize("given_", ["keyrng", "", 5, b"file", [], Secret("file")])
def test_what_means_no_store_is_refused(given_: object) -> None:
    assert "token_store" in broken(lambda: store_of(given_))


# -- the file --------------------------------------------------------------------------


def test_the_file_is_private_and_says_what_it_is(path: Path) -> None:
    old = os.umask(0)
    try:
        FileStore(path).save(ME, MINE)
    finally:
        os.umask(old)

    found = json.loads(path.read_text())
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert found["format"] == "socialmetrics tokens, version 1"
    assert found["accounts"][ME]["access_token"] == HUSH
    names = {each.name for each in path.parent.iterdir()}
    assert names == {"here", "tokens.json", "tokens.json.lock"}
    assert stat.S_IMODE((path.parent / "tokens.json.lock").stat().st_mode) & 0o077 == 0


def test_a_link_to_the_file_stays_one(path: Path) -> None:
    path.symlink_to(path.with_name("other.json"))

    FileStore(path).save(ME, MINE)

    assert path.is_symlink()
    assert FileStore(path.with_name("other.json")).load(ME) == MINE


def test_a_folder_that_is_not_there_is_made(path: Path) -> None:
    deep = path.with_name("a") / "b" / "tokens.json"

    FileStore(deep).save(ME, MINE)

    assert stat.S_IMODE(deep.parent.stat().st_mode) == 0o700


def spoiled(path: Path, content: bytes, mode: int = 0o600) -> FileStore:
    path.write_bytes(content)
    path.chmod(mode)
    return FileStore(path)


def whole() -> bytes:
    told = attrs.asdict(tokens.Record.of(MINE))
    found = {"format": token_file.FORMAT, "accounts": {ME: told}}
    return json.dumps(found, indent=1).encode()


WHOLE = whole()


def wrong(change: Callable[[dict[str, Any]], object]) -> bytes:
    found = json.loads(WHOLE)
    change(found["accounts"][ME])
    return json.dumps(found, indent=1).encode()


BAD: Mapping[str, tuple[bytes, str]] = {
    "empty": (b"", "is torn"),
    "blank": (b" \n", "is torn"),
    "half": (WHOLE[:-9], "is torn"),
    "another": (b'{"token": "' + HUSH.encode() + b'"}', "holds something else"),
    "text": (HUSH.encode(), "holds something else"),
    "bytes": (b"\xff\xfe\0" + HUSH.encode(), "holds something else"),
    "list": (b"[]", "holds something else"),
    "deep": (b"[" * 10_000, "holds something else"),
    "version": (WHOLE.replace(b"version 1", b"version 2"), "tokens of this version"),
    "type": (wrong(lambda each: each.update(access_token=5)), "torn|changed by hand"),
    "use": (wrong(lambda each: each.update(use="lost")), "torn|changed by hand"),
    "gone": (wrong(lambda each: each.pop("access_token")), "torn|changed by hand"),
    "large": (WHOLE + b" " * 2**20, "holds something else"),
}


@pytest.mark.parametrize(("content", "words"), BAD.values(), ids=BAD)
def test_a_file_that_is_no_store_is_named_and_left_alone(
    path: Path, content: bytes, words: str
) -> None:
    bad = spoiled(path, content)

    for step in (
        lambda: bad.load(ME),
        lambda: bad.save(ME, MINE),
        lambda: bad.delete(ME),
    ):
        text = broken(step)
        assert text.startswith(f"the token store {path} ")
        assert all(word in text for word in words.split("|"))
        assert "log in again" in text
    assert path.read_bytes() == content


def test_a_file_torn_at_any_byte_is_no_store(path: Path) -> None:
    for end in range(0, len(WHOLE) - 1, 7):
        torn = spoiled(path, WHOLE[:end])
        assert "is torn" in broken(partial(torn.load, ME))

    assert spoiled(path, WHOLE).load(ME) == MINE


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o660, 0o604])
def test_a_file_that_others_may_use_is_refused(path: Path, mode: int) -> None:
    bad = spoiled(path, WHOLE, mode)

    assert f"can be used by others (its mode is {mode:04o})" in broken(
        lambda: bad.load(ME)
    )
    assert "chmod 600" in broken(lambda: bad.save(ME, MINE))


def test_a_folder_is_no_file(path: Path) -> None:
    path.mkdir()

    assert "Is a directory" in broken(lambda: FileStore(path).load(ME))


def test_a_device_is_no_file() -> None:
    assert "is no file; name one" in broken(lambda: FileStore("/dev/null").load(ME))


def test_a_place_that_cannot_be_written_is_named(path: Path) -> None:
    path.write_text("")
    below = FileStore(path / "tokens.json")

    assert "Not a directory" in broken(lambda: below.load(ME))
    assert "cannot be written, so that no token" in broken(lambda: below.save(ME, MINE))
    assert "File exists" in broken(lambda: below.lock(ME).take())


@pytest.mark.parametrize("step", ["fsync", "replace"])
@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EIO])
def test_a_disk_that_is_full_leaves_the_file_as_it_was(
    path: Path, monkeypatch: pytest.MonkeyPatch, step: str, number: int
) -> None:
    store = FileStore(path)
    store.save(ME, MINE)

    def fail(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, step, fail)

    text = broken(lambda: store.save(ME, attrs.evolve(MINE, scope="new")))
    assert f"cannot be written: {os.strerror(number)}" in text
    monkeypatch.undo()
    assert store.load(ME) == MINE
    assert [each.name for each in path.parent.glob(".socialmetrics-*")] == []


def test_what_was_not_written_is_removed_even_by_ctrl_c(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", interrupt)

    with pytest.raises(KeyboardInterrupt):
        FileStore(path).save(ME, MINE)
    assert list(path.parent.glob(".socialmetrics-*")) == []
    monkeypatch.undo()
    FileStore(path).save(ME, MINE)


def test_a_writer_that_hangs_is_told(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(token_file, "PATIENCE", 0.05)
    lock = FileLocked(path.with_name("tokens.json.lock"))
    assert lock.take()

    assert "is being written by another process" in broken(
        lambda: FileStore(path).save(ME, MINE)
    )
    lock.give()


def test_a_lock_that_the_system_lacks_is_told(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lacking(*_: object, **__: object) -> None:
        raise NotImplementedError("no flock here")

    monkeypatch.setattr(FileLock, "acquire", lacking)
    lock = lock_beside(path, ME)

    assert "no flock here" in broken(lock.take)


def test_accounts_saved_by_threads_and_processes_are_all_there(path: Path) -> None:
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(keep, [str(path)] * 8, [f"thread {i}" for i in range(8)]))
    with ProcessPoolExecutor(4, mp_context=get_context("spawn")) as processes:
        list(processes.map(keep, [str(path)] * 4, [f"process {i}" for i in range(4)]))

    found = json.loads(path.read_text())["accounts"]
    assert len(found) == 8 * 5 + 4 * 5


def test_a_lock_ends_with_the_process_that_had_it(path: Path) -> None:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as processes:
        assert processes.submit(_taken, path).result()
        assert not FileLocked(path).take()

    assert FileLocked(path).take()


_KEPT: list[FileLocked] = []


def _taken(path: Path) -> bool:
    _KEPT.append(FileLocked(path))
    return _KEPT[0].take()


# -- the keyring -----------------------------------------------------------------------


def test_the_keyring_has_one_text_an_account(keyring: Keyring, home: Path) -> None:
    store = store_of("keyring")
    store.save(ME, MINE)

    assert keyring.kept == {(SERVICE, ME): written(MINE).reveal()}
    assert store.place == "the keyring (Keyring)"
    assert store.lock(ME).take()
    assert [each.suffix for each in home.iterdir()] == [".lock"]


def test_a_keyring_that_is_locked_is_named(keyring: Keyring) -> None:
    store = store_of("keyring")
    store.save(ME, MINE)
    keyring.is_locked = True

    for step in (
        lambda: store.load(ME),
        lambda: store.save(ME, MINE),
        lambda: store.delete(ME),
    ):
        assert "the keyring cannot be used (RuntimeError): unlock it" in broken(step)


def test_foreign_content_in_the_keyring_is_named(keyring: Keyring) -> None:
    keyring.kept[SERVICE, ME] = HUSH

    assert "holds something else than tokens" in broken(lambda: KeyringStore().load(ME))


def test_a_machine_without_a_keyring_says_so(keyring: Keyring) -> None:
    keyring.priority = 0.0

    assert "this machine has no keyring" in broken(lambda: store_of("keyring"))


def test_a_keyring_that_does_not_start_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail() -> None:
        raise ModuleNotFoundError("keyrings.nothing")

    monkeypatch.setattr("keyring.get_keyring", fail)

    assert "the keyring cannot be used" in broken(lambda: store_of(None))

"""What was published, remembered in a file of SQLite, so that nothing goes out twice.

An entry is written and committed before a request leaves, and again when its answer is
there. So whatever happens in between, the next call with the same key knows of it.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from datetime import UTC, datetime
from fcntl import LOCK_EX, LOCK_NB, flock
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import Final, Self

from filelock import FileLock, Timeout
from platformdirs import user_data_path

from socialmetrics.entry import Entry
from socialmetrics.errors import InvalidQuery
from socialmetrics.window import instant

OURS: Final = 0x534D4C31
"""SQLite's application id of a ledger."""
VERSION: Final = 1
BUSY: Final = 0.05
"""Seconds that SQLite itself waits for another process; longer waits are the port's."""
PATIENCE: Final = 10.0
"""Seconds that are waited while another process makes the file."""
LOCKS: Final = 256
"""Lock files at most: keys share them, so that they do not pile up."""
_SCHEMA: Final = f"""
PRAGMA journal_mode = WAL;
BEGIN IMMEDIATE;
CREATE TABLE publication (
    adapter TEXT, key TEXT, created_at TEXT, is_open INTEGER, entry TEXT,
    PRIMARY KEY (adapter, key)
) WITHOUT ROWID;
PRAGMA application_id = {OURS};
PRAGMA user_version = {VERSION};
COMMIT;
"""
_WHY: Final = {
    "SQLITE_NOTADB": "it is no database; name another file",
    "SQLITE_CORRUPT": "it is damaged; name another file, or restore it from a copy",
    "SQLITE_READONLY": "it cannot be written; change its permissions or its place",
    "SQLITE_FULL": "the disk is full",
    "SQLITE_CANTOPEN": "it cannot be opened; look at its folder and permissions",
    "SQLITE_IOERR": "the disk cannot be read or written",
}
_LEFT_TO_THE_PARENT: Final[list[sqlite3.Connection]] = []


class Locked(InvalidQuery):
    """Somebody else is writing to the ledger; it may be free a moment later."""


def default_path() -> Path:
    """The ledger that is used unless another one is named."""
    return user_data_path("socialmetrics") / "ledger.db"


class Ledger:
    """The publications that were made with keys, of all adapters that share the file.

    It is made, for its owner alone, when it is first needed. Threads, tasks and
    processes of one machine may share it. It holds texts and receipts, and no
    credential. Every method raises `InvalidQuery` where the file cannot be used.
    """

    def __init__(self, path: str | os.PathLike[str] | None = None) -> None:
        self._is_default = path is None
        self.path = default_path() if path is None else Path(path).absolute()
        self._lock = Lock()
        self._held: tuple[int, sqlite3.Connection] | None = None

    def entries(self, adapter: str | None = None) -> list[Entry]:
        """What is remembered, oldest first: key, when, states and deliveries."""
        with self._open() as db:
            found = db.execute(
                "SELECT entry FROM publication WHERE adapter = coalesce(?, adapter) "
                "ORDER BY created_at, key",
                (adapter,),
            ).fetchall()
        return [self._read(text) for (text,) in found]

    def find(self, adapter: str, key: str) -> Entry | None:
        """What is remembered under that key."""
        with self._open() as db:
            found: tuple[str] | None = db.execute(
                "SELECT entry FROM publication WHERE adapter = ? AND key = ?",
                (adapter, key),
            ).fetchone()
        return None if found is None else self._read(found[0])

    def claimed(self, adapter: str, key: str, ids: Iterable[str]) -> set[str]:
        """Which of those ids of deliveries belong to other keys."""
        return {each for each in ids if self._is_claimed(adapter, key, each)}

    def _is_claimed(self, adapter: str, key: str, vendor_id: str) -> bool:
        with self._open() as db:
            found = db.execute(
                "SELECT entry FROM publication "
                "WHERE adapter = ? AND key != ? AND instr(entry, ?)",
                (adapter, key, vendor_id),
            ).fetchall()
        return any(
            each.vendor_id == vendor_id
            for (text,) in found
            for each in self._read(text).deliveries
        )

    def write(self, entry: Entry, *, durably: bool = True) -> None:
        """Remembers it, in place of what was there. `durably`: against power cuts."""
        from socialmetrics.codec import to_json

        row = (
            entry.adapter,
            entry.key,
            entry.created_at.astimezone(UTC).isoformat(),
            bool(entry.sendings),
            to_json(entry),
        )
        # Without power an answer may be forgotten; then it is read back.
        with self._open() as db:
            db.execute(f"PRAGMA synchronous = {'FULL' if durably else 'NORMAL'}")
            db.execute("REPLACE INTO publication VALUES (?, ?, ?, ?, ?)", row)

    def drop(self, entry: Entry) -> None:
        """Forgets an entry of which nothing was published."""
        with self._open() as db:
            db.execute(
                "DELETE FROM publication WHERE adapter = ? AND key = ?",
                (entry.adapter, entry.key),
            )

    def forget(self, before: datetime) -> int:
        """Forgets what was begun before that instant, and says how many.

        Their keys can be used anew. Those that may still turn out to be published are
        kept.
        """
        until = instant("before", before).isoformat()
        with self._open() as db:
            return db.execute(
                "DELETE FROM publication WHERE created_at < ? AND NOT is_open", (until,)
            ).rowcount

    def turn(self, adapter: str, key: str) -> Turn:
        """The right to publish under that key, to be taken."""
        mark = int(sha256(f"{adapter}\0{key}".encode()).hexdigest()[:8], 16) % LOCKS
        folder = self._locks()
        return Turn(folder / f"{mark:02x}.lock")

    def close(self) -> None:
        """Closes the file; a later use opens it again."""
        with self._lock:
            if self._held is not None and self._held[0] == os.getpid():
                self._held[1].close()
            self._held = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"Ledger({str(self.path)!r})"

    def _read(self, text: str) -> Entry:
        from socialmetrics.codec import from_json

        try:
            return from_json(Entry, text)
        except InvalidQuery as err:
            raise self._unusable(f"an entry of it is damaged: {err.message}") from err

    @contextmanager
    def _open(self) -> Generator[sqlite3.Connection, None, None]:
        """The file, for one statement that changes something: each is a transaction."""
        with self._lock:
            try:
                yield self._connection()
            except sqlite3.Error as err:
                raise self._told(err) from err
            except Timeout as err:
                raise Locked(f"{self!r} is being made by another process") from err
            except OSError as err:
                raise self._unusable(err.strerror) from err

    def _connection(self) -> sqlite3.Connection:
        if self._held is not None and self._held[0] != os.getpid():
            # A connection must not cross a fork, not even to be closed.
            _LEFT_TO_THE_PARENT.append(self._held[1])
            self._held = None
        if self._held is None:
            self._held = (os.getpid(), self._opened())
        return self._held[1]

    def _opened(self) -> sqlite3.Connection:
        if self._is_default:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600))
        db = sqlite3.connect(
            self.path, timeout=BUSY, isolation_level=None, check_same_thread=False
        )
        try:
            if self._is_empty(db):
                with FileLock(self._locks() / "creation.lock", timeout=PATIENCE):
                    if self._is_empty(db):
                        db.executescript(_SCHEMA)
            self._check(db)
        except BaseException:
            db.close()
            raise
        return db

    def _is_empty(self, db: sqlite3.Connection) -> bool:
        found = db.execute("SELECT count(*) FROM sqlite_master").fetchone()
        return bool(found == (0,))

    def _check(self, db: sqlite3.Connection) -> None:
        ((found,),) = db.execute("PRAGMA application_id")
        if found != OURS:
            raise self._unusable("it is another program's database; name another file")
        ((version,),) = db.execute("PRAGMA user_version")
        if version > VERSION:
            raise self._unusable(
                f"a newer socialmetrics made it (its form is {version}, this one knows "
                f"up to {VERSION}); install that, or name another file"
            )

    def _locks(self) -> Path:
        folder = self.path.with_name(f"{self.path.name}.locks")
        try:
            folder.mkdir(mode=0o700, exist_ok=True, parents=self._is_default)
        except OSError as err:
            raise self._unusable(err.strerror) from err
        return folder

    def _told(self, err: sqlite3.Error) -> InvalidQuery:
        name = getattr(err, "sqlite_errorname", "")
        if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
            return Locked(f"ledger={str(self.path)!r} is locked by another program")
        why = next((why for kind, why in _WHY.items() if name.startswith(kind)), "")
        return self._unusable(why or str(err))

    def _unusable(self, why: str | None) -> InvalidQuery:
        return InvalidQuery(f"ledger={str(self.path)!r} cannot be used: {why}")


class Turn:
    """The right to publish under one key: one thread, task or process has it.

    It ends with its process, however that ends.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._held: int | None = None

    def take(self) -> bool:
        """Whether it is ours now. Does not wait. Raises `InvalidQuery`."""
        try:
            file = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as err:
            raise InvalidQuery(
                f"the lock {str(self._path)!r} cannot be used: {err.strerror}"
            ) from err
        try:
            # A file lock of its own: filelock's takes ten times as long.
            flock(file, LOCK_EX | LOCK_NB)
        except BlockingIOError:
            os.close(file)
            return False
        self._held = file
        return True

    def give_back(self) -> None:
        """Lets the next one go on."""
        if self._held is not None:
            os.close(self._held)
            self._held = None

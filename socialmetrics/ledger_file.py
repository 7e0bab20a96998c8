"""The file of a ledger: made once, opened by each process, and told what is wrong."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Lock
from typing import Final, Self

from filelock import FileLock, Timeout
from platformdirs import user_data_path

from socialmetrics.errors import InvalidQuery

OURS: Final = 0x534D4C31
"""SQLite's application id of a ledger."""
VERSION: Final = 1
BUSY: Final = 0.05
"""Seconds that SQLite itself waits for another process; longer waits are the port's."""
PATIENCE: Final = 10.0
"""Seconds that are waited while another process makes the file."""
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


class LedgerFile:
    """A file of SQLite that is opened when it is first needed."""

    def __init__(self, path: str | os.PathLike[str] | None = None) -> None:
        self._is_default = path is None
        self.path = default_path() if path is None else _checked(path)
        self._lock = Lock()
        self._held: tuple[int, sqlite3.Connection] | None = None
        self._seen: object = None

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
            self._seen = self._identity()
        elif self._identity() != self._seen:
            raise self._unusable(
                "it was deleted or replaced while it was open; put it back, or close "
                "the client and begin anew with what is there"
            )
        return self._held[1]

    def _identity(self) -> object:
        """What tells the file from another one in its place."""
        try:
            about = self.path.stat()
        except FileNotFoundError:
            return None
        return about.st_dev, about.st_ino

    def _opened(self) -> sqlite3.Connection:
        if self._is_default:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self.is_read_only:
            return self._opened_read_only()
        with suppress(FileExistsError):
            # Closing a file that is there would end the locks that SQLite has on it.
            os.close(os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
        db = sqlite3.connect(
            self.path, timeout=BUSY, isolation_level=None, check_same_thread=False
        )
        try:
            if self._is_empty(db):
                with FileLock(self._locks() / "creation.lock", timeout=PATIENCE):
                    if self._is_empty(db):
                        db.executescript(_SCHEMA)
            self._check(db)
            db.execute("PRAGMA secure_delete = ON")
        except BaseException:
            db.close()
            raise
        return db

    @property
    def is_read_only(self) -> bool:
        """Whether it is there and must not be written, so that it can only be read."""
        return self._is_there() and not os.access(self.path, os.W_OK)

    def _is_there(self) -> bool:
        return os.access(self.path, os.F_OK)

    def _opened_read_only(self) -> sqlite3.Connection:
        # Without a log the file is whole, and nobody is asked for a lock.
        has_log = self.path.with_name(f"{self.path.name}-wal").exists()
        db = sqlite3.connect(
            f"{self.path.as_uri()}?mode=ro{'' if has_log else '&immutable=1'}",
            uri=True,
            timeout=BUSY,
            isolation_level=None,
            check_same_thread=False,
        )
        try:
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


def _checked(path: str | os.PathLike[str]) -> Path:
    try:
        text = os.fspath(path)
        if text and "\0" not in text:
            return Path(text).absolute()
    except TypeError:
        pass
    raise InvalidQuery(f"ledger={path!r} is no path of a file")

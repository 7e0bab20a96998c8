"""What was published, remembered in a file of SQLite, so that nothing goes out twice.

An entry is written and committed before a request leaves, and again when its answer is
there. So whatever happens in between, the next call with the same key knows of it.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from hashlib import sha256
from typing import Final

from socialmetrics.claims import Share
from socialmetrics.entry import Entry
from socialmetrics.errors import InvalidQuery
from socialmetrics.ledger_file import LedgerFile
from socialmetrics.turns import Turn
from socialmetrics.window import instant

LOCKS: Final = 256
"""Lock files at most: keys share them, so that they do not pile up."""
_WRITE: Final = "REPLACE INTO publication VALUES (?, ?, ?, ?, ?)"


class Ledger(LedgerFile):
    """The publications that were made with keys, of all adapters that share the file.

    It is made, for its owner alone, when it is first needed. Threads, tasks and
    processes of one machine may share it. It holds texts and receipts, no credential,
    no file's content and no `extra`. Every method raises `InvalidQuery` where the file
    cannot be used, also where it was deleted or replaced since it was opened.

    While it is open, the newest entries are in a log beside it (`ledger.db-wal`): a
    copy of the file alone misses them. Close it first, or let SQLite copy it:
    `sqlite3 ledger.db ".backup copy.db"`. A file that must not be written is read.
    """

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

    def others(self, adapter: str, key: str, ids: Iterable[str]) -> list[Entry]:
        """Those of other keys that hold one of these ids, or are not settled."""
        if not self._is_there():
            return []
        with self._open() as db:
            return self._others(db, adapter, key, ids)

    def claim(
        self, entry: Entry, ids: Iterable[str], decide: Callable[[list[Entry]], Share]
    ) -> Share:
        """Decides in view of `others`, and remembers it, as one transaction."""
        with self._open() as db:
            db.execute("PRAGMA synchronous = NORMAL")
            db.execute("BEGIN IMMEDIATE")
            try:
                share = decide(self._others(db, entry.adapter, entry.key, ids))
                db.execute(_WRITE, _row(share.entry))
                db.execute("COMMIT")
            except BaseException:
                if db.in_transaction:
                    db.execute("ROLLBACK")
                raise
        return share

    def _others(
        self, db: sqlite3.Connection, adapter: str, key: str, ids: Iterable[str]
    ) -> list[Entry]:
        found = db.execute(
            "SELECT entry FROM publication WHERE adapter = ? AND key != ? AND (is_open "
            "OR EXISTS (SELECT 1 FROM json_each(?) WHERE instr(entry, value)))",
            (adapter, key, json.dumps(list(ids))),
        )
        return [self._read(text) for (text,) in found]

    def write(self, entry: Entry, *, durably: bool = True) -> None:
        """Remembers it, in place of what was there. `durably`: against power cuts."""
        row = _row(entry)
        # Without power an answer may be forgotten; then it is read back.
        with self._open() as db:
            db.execute(f"PRAGMA synchronous = {'FULL' if durably else 'NORMAL'}")
            db.execute(_WRITE, row)

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

    def _read(self, text: str) -> Entry:
        from socialmetrics.codec import from_json

        try:
            return from_json(Entry, text)
        except InvalidQuery as err:
            raise self._unusable(f"an entry of it is damaged: {err.message}") from err


def _row(entry: Entry) -> tuple[object, ...]:
    from socialmetrics.codec import to_json

    return (
        entry.adapter,
        entry.key,
        entry.created_at.astimezone(UTC).isoformat(),
        bool(entry.sendings),
        to_json(entry),
    )

"""What is sent and what comes, as bytes: bodies are written and unpacked here."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from functools import partial
from typing import Final
from urllib.parse import urlencode

from socialmetrics.errors import Unreadable
from socialmetrics.port import Lost
from socialmetrics.wire import Request

MEGABYTE: Final = 2**20
MOST_BYTES: Final = 64 * MEGABYTE
"""The largest answer that is read, unpacked."""


def encoded(request: Request) -> tuple[bytes | None, dict[str, str]]:
    """A body and its headers; None where there is none, or it is made of files."""
    if request.content is not None:
        kind = request.content_type
        return request.content, {"Content-Type": kind} if kind else {}
    if request.json is not None:
        text = json.dumps(
            request.json, ensure_ascii=False, separators=(",", ":"), allow_nan=False
        )
        return text.encode(), {"Content-Type": "application/json"}
    if request.form and not request.files:
        form = "application/x-www-form-urlencoded"
        return urlencode(request.form).encode(), {"Content-Type": form}
    return None, {}


_unpacker = partial(zlib.decompressobj, 16 + zlib.MAX_WBITS)


class Body:
    """An answer's body as it arrives: unpacked, and never larger than the cap.

    Only gzip is asked for, so only gzip is unpacked, a piece at a time: a small body
    that unpacks into gigabytes is refused before it takes the memory.
    """

    def __init__(self, headers: Mapping[str, str]) -> None:
        coding = headers.get("content-encoding", "identity").strip().lower()
        if coding not in {"identity", "gzip", ""}:
            raise _refused(f"its Content-Encoding {coding!r} was not asked for")
        self._gzip = _unpacker() if coding == "gzip" else None
        self._pieces: list[bytes] = []
        self._size = 0

    def feed(self, chunk: bytes) -> None:
        """Takes a piece of the wire. Raises `Lost` past the cap or for broken gzip."""
        if self._gzip is None:
            return self._keep(chunk)
        try:
            while chunk:
                if self._gzip.eof:  # Gzip may come in several members.
                    self._gzip = _unpacker()
                self._keep(self._gzip.decompress(chunk, MEGABYTE))
                chunk = self._gzip.unconsumed_tail or self._gzip.unused_data
        except zlib.error as err:
            raise Lost(f"its gzip is broken: {err}", kind=Unreadable) from err
        return None

    def whole(self) -> bytes:
        """All of it. Raises `Lost` where the gzip stream stops early."""
        if self._gzip is not None and self._pieces and not self._gzip.eof:
            raise Lost("its gzip stops early", kind=Unreadable)
        return b"".join(self._pieces)

    def _keep(self, piece: bytes) -> None:
        self._size += len(piece)
        if self._size > MOST_BYTES:
            raise _refused(f"it is larger than {MOST_BYTES // MEGABYTE} MiB")
        self._pieces.append(piece)


def _refused(reason: str) -> Lost:
    return Lost(f"the answer is refused: {reason}", kind=Unreadable, is_final=True)

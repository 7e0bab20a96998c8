"""Sprout's cassettes: which headers are kept, and a line for every row."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, Final

import msgspec

from socialmetrics_sprout import Sprout
from tests.recording import tapes
from tests.recording.tapes import (
    Scrubs,
    Studio,
    clock_of,
    has_no_answer,
    to_json,
)

__all__ = ["FOLDER", "STUDIO", "clock_of", "has_no_answer", "playing", "recording"]


def laid_out(text: str) -> str:
    """JSON with a line for each row; anything else as it is."""
    try:
        found: Any = msgspec.json.decode(text)
    except msgspec.DecodeError:
        return text
    if isinstance(found, list):
        rows: list[object] = found  # pyright: ignore[reportUnknownVariableType]  # JSON
        return _lines(rows)
    if not isinstance(found, dict) or not isinstance(found.get("data"), list):  # pyright: ignore[reportUnknownMemberType]  # JSON
        return to_json(found)
    told: dict[str, Any] = found  # pyright: ignore[reportUnknownVariableType]  # JSON
    data = _lines(told.pop("data"))
    rest = "".join(f", {to_json(key)}: {to_json(told[key])}" for key in told)
    return f'{{"data": {data}{rest}}}'


def _lines(rows: list[object]) -> str:
    return "[\n" + ",\n".join(map(to_json, rows)) + "\n]"


STUDIO: Final = Studio(
    title="Sprout Social",
    name="sprout",
    base_url=Sprout.base_url,
    auth_url=Sprout.auth_url or Sprout.base_url,
    auth_paths=("/oauth2/",),
    headers=frozenset(
        {
            "content-type",
            Sprout.request_id_header,
            Sprout.api_version_header,
            "x-sprout-server-version",
        }
    ),
    secrets=frozenset({"client_id", "client_secret", "access_token", "refresh_token"}),
    match=("method", "scheme", "host", "path", "query", "body"),
    laid_out=laid_out,
)
FOLDER: Final = STUDIO.folder


@contextmanager
def recording(
    path: Path, story: str, scrubber: Scrubs | None = None
) -> Generator[None]:
    """Keeps what is said meanwhile in a new cassette."""
    with tapes.recording(STUDIO, path, story, scrubber):
        yield


def playing(path: Path) -> AbstractContextManager[Callable[[], bool]]:
    """Answers from that cassette and nothing else; tells whether all was played."""
    return tapes.playing(STUDIO, path)

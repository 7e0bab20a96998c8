"""Reading with a user's tokens, here and in other processes."""

from __future__ import annotations

from multiprocessing.synchronize import Barrier
from typing import Final

import socialmetrics as sm
from socialmetrics.client import Client
from socialmetrics.token_file import FileStore
from socialmetrics.wire import Flow
from tests.core.grants import Tool, settings
from tests.core.toy import get

_HERE: Final[list[tuple[Client, Barrier]]] = []


def reading() -> Flow[int]:
    response = yield get("profiles", "profiles")
    return response.status


def read(client: Client) -> int:
    return client.run(reading())


def begin_process(url: str, path: str, gate: Barrier) -> None:
    made = settings(FileStore(path))
    _HERE.append((sm.connect(Tool, base_url=url, **made), gate))  # type: ignore[arg-type]  # of any kind


def read_in_process(_: int) -> int:
    """Asked by all of them at a time, each in a process of its own."""
    client, gate = _HERE[0]
    gate.wait()
    return read(client)

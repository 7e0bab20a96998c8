"""The child process of `spawn`: told what to serve on stdin, says where on stdout."""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib import import_module
from socket import socket
from threading import Thread
from typing import Any, BinaryIO

import msgspec

from socialmetrics.sandbox.kit import Sandbox
from socialmetrics.sandbox.loopback import listen, url_of
from socialmetrics.sandbox.server import Running, runner
from socialmetrics.sandbox.world import World


class Order(msgspec.Struct):
    """What the parent wants: arguments of the world, of the sandbox, and where."""

    world: dict[str, Any]
    options: dict[str, Any]
    host: str
    port: int


def maker(spelled: str) -> Callable[..., Sandbox]:
    """The function spelled `module:name`."""
    module, _, name = spelled.partition(":")
    found: Callable[..., Sandbox] = getattr(import_module(module), name)
    return found


def open_sandbox(spelled: str, order: Order) -> tuple[Sandbox, socket, bytes]:
    """The sandbox, its socket, and the line that tells the parent where it is."""
    sandbox = maker(spelled)(World(**order.world), **order.options)
    listener = listen(order.host, order.port)
    where = Running(
        url=url_of(listener), credentials=sandbox.credentials, notes=sandbox.notes
    )
    return sandbox, listener, msgspec.json.encode(where) + b"\n"


def main(spelled: str, told: BinaryIO, says: BinaryIO) -> None:
    """Serves until stdin ends, that is until the parent is gone."""
    order = msgspec.json.decode(told.readline(), type=Order)
    sandbox, listener, line = open_sandbox(spelled, order)
    server = runner(sandbox.app)

    def watch() -> None:
        told.read()
        server.should_exit = True

    Thread(target=watch, daemon=True).start()
    says.write(line)
    says.flush()
    with listener:
        server.run(sockets=[listener])


if __name__ == "__main__":  # pragma: no cover - runs in a process of its own
    main(sys.argv[1], sys.stdin.buffer, sys.stdout.buffer)

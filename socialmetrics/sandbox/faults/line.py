"""Faults of the line: cuts, lies about the length, slowness, silence."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from socialmetrics.sandbox.exchange import Exchange, Fault


def cut(offset: int, *, reset: bool = False) -> Fault:
    """Sends only the first `offset` bytes of the answer (head included), then ends."""

    async def act(exchange: Exchange) -> None:
        await exchange.write((await exchange.fetch()).whole()[:offset])
        await (exchange.reset() if reset else exchange.close())

    return Fault(f"cut({offset})", act)


def reset_mid_body(offset: int | None = None) -> Fault:
    """Tears the line after `offset` bytes of the body (None: in its middle)."""
    return Fault("reset_mid_body", _mid_body(offset, reset=True))


def fin_mid_body(offset: int | None = None) -> Fault:
    """Ends the line in order after `offset` bytes of the body (None: in its middle)."""
    return Fault("fin_mid_body", _mid_body(offset, reset=False))


def _mid_body(
    offset: int | None, *, reset: bool
) -> Callable[[Exchange], Awaitable[None]]:
    async def act(exchange: Exchange) -> None:
        answer = await exchange.fetch()
        size = len(answer.body) // 2 if offset is None else offset
        head = answer.head(content_length=str(len(answer.body)))
        await exchange.write(head + answer.body[:size])
        await (exchange.reset() if reset else exchange.close())

    return act


def close_before_answer() -> Fault:
    """Takes the request (it is carried out!) and closes without a word."""

    async def act(exchange: Exchange) -> None:
        await exchange.fetch()
        await exchange.close()

    return Fault("close_before_answer", act)


def lying_length(off_by: int = 40) -> Fault:
    """Announces `off_by` bytes more than come (or fewer, when negative), then ends."""

    async def act(exchange: Exchange) -> None:
        answer = await exchange.fetch()
        length = max(len(answer.body) + off_by, 0)
        await exchange.write(answer.head(content_length=str(length)) + answer.body)
        await exchange.close()

    return Fault(f"lying_length({off_by})", act)


def broken_chunks(ending: bytes = b"zz\r\nnot a chunk\r\n") -> Fault:
    """Sends half of the body as one good chunk, then `ending` in place of the rest."""

    async def act(exchange: Exchange) -> None:
        answer = await exchange.fetch()
        half = answer.body[: len(answer.body) // 2]
        head = answer.head(content_length=None, transfer_encoding="chunked")
        await exchange.write(head + b"%x\r\n" % len(half) + half + b"\r\n" + ending)
        await exchange.close()

    return Fault("broken_chunks", act)


def slow_loris(seconds: float = 1.0) -> Fault:
    """Sends one byte of the body every so many seconds."""

    async def act(exchange: Exchange) -> None:
        answer = await exchange.fetch()
        await exchange.write(answer.head(content_length=str(len(answer.body))))
        for place in range(len(answer.body)):
            await exchange.write(answer.body[place : place + 1])
            await asyncio.sleep(seconds)

    return Fault("slow_loris", act)


def slow_headers(seconds: float = 1.0) -> Fault:
    """Sends one line of the head every so many seconds, then the body at once."""

    async def act(exchange: Exchange) -> None:
        answer = await exchange.fetch()
        head = answer.head(content_length=str(len(answer.body)))
        for line in head.splitlines(keepends=True):
            await exchange.write(line)
            await asyncio.sleep(seconds)
        await exchange.write(answer.body)

    return Fault("slow_headers", act)


def silent(seconds: float = 3600.0) -> Fault:
    """Takes the request and says nothing for so long, then closes."""

    async def act(exchange: Exchange) -> None:
        await asyncio.sleep(seconds)
        await exchange.close()

    return Fault("silent", act)


def late(seconds: float) -> Fault:
    """The right answer, so many seconds late."""

    async def act(exchange: Exchange) -> None:
        answer = await exchange.fetch()
        await asyncio.sleep(seconds)
        await exchange.write(answer.whole())

    return Fault(f"late({seconds})", act)

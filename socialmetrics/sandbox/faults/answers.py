"""Faults of the answer as a whole: its status, its headers, its bytes."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Final

import attrs

from socialmetrics.sandbox.exchange import Answer, Exchange, Fault

_REASONS: Final = {
    200: "OK", 301: "Moved Permanently", 302: "Found", 307: "Temporary Redirect",
    308: "Permanent Redirect", 401: "Unauthorized", 429: "Too Many Requests",
    500: "Internal Server Error", 503: "Service Unavailable",
}  # fmt: skip


def changed(name: str, change: Callable[[Answer], Answer]) -> Fault:
    """The answer after `change`, in a correct envelope."""

    async def act(exchange: Exchange) -> None:
        await exchange.write(change(await exchange.fetch()).whole())

    return Fault(name, act)


def _headed(answer: Answer, *headers: tuple[str, str]) -> Answer:
    return attrs.evolve(answer, headers=(*answer.headers, *headers))


def status(
    code: int, body: bytes = b'{"error":"injected"}',
    headers: Sequence[tuple[str, str]] = (),
) -> Fault:  # fmt: skip
    """Another answer altogether; the request is not carried out."""
    kind = ("Content-Type", "application/json")
    answer = Answer(
        status=code,
        reason=_REASONS.get(code, "Injected"),
        headers=(kind, *headers),
        body=body,
    )

    async def act(exchange: Exchange) -> None:
        await exchange.write(answer.whole())

    return Fault(f"status({code})", act)


def retry_after(value: str | None, code: int = 429) -> Fault:
    """429 with that Retry-After, whatever it says (None: without one)."""
    headers = [] if value is None else [("Retry-After", value)]
    return status(code, headers=headers)


def redirect(location: str, code: int = 302) -> Fault:
    """Sends the client elsewhere."""
    return status(code, headers=[("Location", location)])


def html_200() -> Fault:
    """A page of some gateway, with status 200."""
    return body(b"<html><body>Please log in</body></html>", "text/html")


def empty_200() -> Fault:
    """Status 200 and nothing."""
    return body(b"")


def error_in_200() -> Fault:
    """An error with status 200."""
    return body(b'{"error":"injected"}')


def body(content: bytes, kind: str = "application/json") -> Fault:
    """Status 200 with exactly these bytes; the request is not carried out."""
    answer = Answer(
        status=200, reason="OK", headers=(("Content-Type", kind),), body=content
    )

    async def act(exchange: Exchange) -> None:
        await exchange.write(answer.whole())

    return Fault("body", act)


def content_type(kind: str = "text/html") -> Fault:
    """The right answer under another Content-Type."""

    def relabel(answer: Answer) -> Answer:
        kept = tuple(h for h in answer.headers if h[0].lower() != "content-type")
        return attrs.evolve(answer, headers=(*kept, ("Content-Type", kind)))

    return changed("content_type", relabel)


def truncated_json(offset: int | None = None) -> Fault:
    """The body cut after `offset` bytes (None: in its middle), with a right length."""

    def shorter(answer: Answer) -> Answer:
        size = len(answer.body) // 2 if offset is None else offset
        return answer.with_body(answer.body[:size])

    return changed("truncated_json", shorter)


def huge_header(size: int = 5_000_000) -> Fault:
    """The right answer with one header of that many bytes."""
    return changed(
        "huge_header", lambda answer: _headed(answer, ("X-Large", "x" * size))
    )


def gzip_bomb(size: int = 100_000_000, layers: int = 1) -> Fault:
    """A tiny answer that unpacks to that many bytes (`layers`: packed so often)."""

    def bomb(answer: Answer) -> Answer:
        coding = ", ".join(["gzip"] * layers)
        packed = answer.with_body(_packed(size, layers))
        return _headed(packed, ("Content-Encoding", coding))

    return changed("gzip_bomb", bomb)


@lru_cache(maxsize=4)
def _packed(size: int, layers: int) -> bytes:
    body = b" " * size
    for _ in range(layers):
        body = gzip.compress(body, 1, mtime=0)
    return body


def bom() -> Fault:
    """A byte order mark in front of the body."""
    return changed(
        "bom", lambda answer: answer.with_body(b"\xef\xbb\xbf" + answer.body)
    )


def deep_json(depth: int = 200_000) -> Fault:
    """Brackets in brackets in brackets."""
    return body(b'{"data":' + b"[" * depth + b"]" * depth + b"}")


def frozen_page() -> Fault:
    """The first answer that it strikes, for ever again: a cursor in a ring."""
    kept: list[Answer] = []

    async def act(exchange: Exchange) -> None:
        if not kept:
            kept.append(await exchange.fetch())
        await exchange.write(kept[0].whole())

    return Fault("frozen_page", act)

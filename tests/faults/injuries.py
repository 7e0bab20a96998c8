"""Faults that only these tests need, beside those that the sandbox ships."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import count

from socialmetrics.sandbox import faults
from socialmetrics.sandbox.exchange import Answer, Exchange, Fault

Json = dict[str, object]


def raw(name: str, wire: Callable[[Answer], bytes]) -> Fault:
    """These very bytes in place of the answer, and then the end of the line."""

    async def act(exchange: Exchange) -> None:
        await exchange.write(wire(await exchange.fetch()))
        await exchange.close()

    return Fault(name, act)


def cut_at(place: Callable[[Answer], int], *, reset: bool) -> Fault:
    """The answer up to that byte, its head included; then FIN or RST."""

    async def act(exchange: Exchange) -> None:
        answer = await exchange.fetch()
        await exchange.write(answer.whole()[: place(answer)])
        await (exchange.reset() if reset else exchange.close())

    return Fault("cut_at", act)


def lengths(*values: str) -> Fault:
    """Content-Length lines with these values, however many."""

    def wire(answer: Answer) -> bytes:
        lines = "".join(f"\r\nContent-Length: {value}" for value in values)
        head = answer.head(content_length=None).removesuffix(b"\r\n\r\n")
        return head + lines.encode() + b"\r\n\r\n" + answer.body

    return raw(f"lengths{values}", wire)


def ring(size: int) -> Fault:
    """The first answers that it meets, over and over again."""
    kept: list[Answer] = []
    met = count()

    async def act(exchange: Exchange) -> None:
        if len(kept) < size:
            kept.append(await exchange.fetch())
        await exchange.write(kept[next(met) % size].whole())

    return Fault(f"ring({size})", act)


def without_paging() -> Fault:
    """The right rows, and no word about what follows."""
    return faults.edited("without_paging", lambda found: found.pop("paging", None))


def without_rows_and_paging() -> Fault:
    """An empty answer that looks like the end."""

    def edit(found: Json) -> None:
        found.pop("paging", None)
        found["data"] = []

    return faults.edited("without_rows_and_paging", edit)


def error_beside_data() -> Fault:
    """Good rows and an error in the same answer."""
    return faults.edited(
        "error_beside_data", lambda found: found.update({"error": "half of it"})
    )


def errors_beside_data() -> Fault:
    """The same, as vendors with lists of errors have it."""
    told = [{"code": 5000, "message": "half of it"}]
    return faults.edited(
        "errors_beside_data", lambda found: found.update({"errors": told})
    )


def first_row(name: str, key: str, literal: bytes) -> Fault:
    """A key of the first row with this text as its value, JSON or not."""

    def change(answer: Answer) -> Answer:
        found = json.loads(answer.body)
        found["data"][0][key] = "@@here@@"
        body = json.dumps(found, ensure_ascii=False).encode()
        return answer.with_body(body.replace(b'"@@here@@"', literal, 1))

    return faults.changed(name, change)

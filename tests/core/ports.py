"""A port without a wire, whose time goes only when somebody waits."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Coroutine, Mapping
from contextlib import AbstractAsyncContextManager, nullcontext
from datetime import datetime, timedelta
from typing import Protocol, TypeAlias, TypeVar

import attrs

from socialmetrics.budget import Budget, MemoryBudget
from socialmetrics.engine import Engine, finish
from socialmetrics.port import Lost, Reply
from socialmetrics.retry import Retry
from socialmetrics.wire import Request
from tests.core.toy import NOW, Toy
from tests.core.toy_api import Answer, Api

R = TypeVar("R")
Outcome: TypeAlias = Answer | Lost
Handler: TypeAlias = Callable[[Request, str, Mapping[str, str]], Outcome]


@attrs.define
class FakePort:
    """Answers by `handler`; counts waits in seconds of its own time."""

    handler: Handler
    is_async: bool = False
    time: float = 0.0
    slept: list[float] = attrs.field(factory=list[float])
    sent: list[str] = attrs.field(factory=list[str])
    headers: list[Mapping[str, str]] = attrs.field(factory=list[Mapping[str, str]])

    def place(self) -> nullcontext[FakePort]:
        return nullcontext(self)

    async def send(
        self, request: Request, path: str, headers: Mapping[str, str]
    ) -> Reply:
        self.sent.append(path)
        self.headers.append(headers)
        if self.is_async:
            await asyncio.sleep(0)
        outcome = self.handler(request, path, headers)
        if isinstance(outcome, Lost):
            raise outcome
        status, told, body = outcome
        return Reply(status=status, headers=told, body=body)

    async def sleep(self, seconds: float) -> None:
        self.slept.append(round(seconds, 6))
        self.time += seconds
        if self.is_async:
            await asyncio.sleep(0)

    def lock(self) -> AbstractAsyncContextManager[object]:
        return asyncio.Lock() if self.is_async else nullcontext()

    async def whole(self, work: Coroutine[object, None, R]) -> R:
        return await work

    def now(self) -> datetime:
        return NOW + timedelta(seconds=self.time)

    def monotonic(self) -> float:
        return self.time

    def wall(self) -> float:
        return self.now().timestamp()

    def address(self, request: Request, path: str) -> str:
        return f"https://{request.host}.example{path}"


class Build(Protocol):
    """A port that answers with these outcomes; by the toy's API without any."""

    def __call__(self, *outcomes: Outcome) -> FakePort: ...


def by_api(api: Api) -> Handler:
    def answer(request: Request, path: str, headers: Mapping[str, str]) -> Outcome:
        named = {name.lower(): value for name, value in headers.items()}
        form = "&".join(f"{key}={value}" for key, value in (request.form or {}).items())
        body = form.encode() or json.dumps(request.json).encode()
        return api.answer(request.method, path, named, body)

    return answer


def scripted(*outcomes: Outcome) -> Handler:
    """These outcomes one after the other, the last one for ever."""
    left = list(outcomes)

    def answer(request: Request, path: str, headers: Mapping[str, str]) -> Outcome:
        return left.pop(0) if len(left) > 1 else left[0]

    return answer


def engine(
    port: FakePort,
    *,
    adapter: Toy | None = None,
    budget: Budget | None = None,
    retry: Retry | None = None,
    strict: bool = False,
) -> Engine:
    toy = adapter or Toy()
    return Engine(
        adapter=toy,
        port=port,
        budget=budget or MemoryBudget([], now=port.now, monotonic=port.monotonic),
        retry=retry or Retry(),
        auth=toy.auth(),
        strict=strict,
    )


def run(port: FakePort, work: Coroutine[object, None, R]) -> R:
    """The result, by the way that the port is meant for."""
    return asyncio.run(work) if port.is_async else finish(work)

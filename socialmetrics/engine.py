"""Answers requests: pacing, sending, retrying, renewing. Once, for both clients.

Everything that waits or does I/O is behind `Port`. The blocking port never suspends,
so `finish(coroutine)` runs the same code to its end without an event loop.
"""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable, Coroutine, Generator, Mapping
from contextlib import AbstractAsyncContextManager
from string import Formatter
from typing import Final, Generic, Never, TypeAlias, TypeVar
from urllib.parse import urlsplit

import attrs

from socialmetrics import retry
from socialmetrics.adapter import Adapter, Kind
from socialmetrics.allowance import Allowance
from socialmetrics.auth import BASIC, Attempt, Auth, Refusal
from socialmetrics.budget import Booking, Budget, longest_queue
from socialmetrics.errors import (
    AuthRefused,
    NotFound,
    OutcomeUnknown,
    PermissionDenied,
    RateLimited,
    Rejected,
    SocialMetricsError,
    Unavailable,
    Unreadable,
)
from socialmetrics.port import Lost, Port, Reply
from socialmetrics.renewal import Renewals
from socialmetrics.retry import Retry, Tokens
from socialmetrics.secret import Masked
from socialmetrics.waiting import after, held, repeated, tell, used_up
from socialmetrics.wire import Flow, Page, Request, Response, segment

T = TypeVar("T")
R = TypeVar("R")

End: TypeAlias = Callable[[], Awaitable[None]]
NO_HEADERS: Final = Masked()
HTTP_MOVED: Final = 300
HTTP_REFUSED: Final = 400
HTTP_FAULT: Final = 500


def finish(work: Coroutine[object, None, R]) -> R:
    """The result of a coroutine whose port never suspends."""
    try:
        work.send(None)
    except StopIteration as end:
        result: R = end.value
        return result
    work.close()
    raise AssertionError("a blocking port suspended")


@attrs.frozen(kw_only=True)
class Failure:
    """An attempt that failed: the error, and what the policy may do about it.

    `asked` are the seconds that the vendor asks for, `refusal` is its word where it
    was the credential that it refused. `tries` bounds the attempts (0:
    only the caller's patience does). `is_free` retries spend no retry token.
    """

    error: SocialMetricsError
    tries: int = 1
    asked: float | None = None
    is_free: bool = False
    refusal: Refusal | None = None


_BY_STATUS: Mapping[int, Kind] = {
    401: AuthRefused,
    403: PermissionDenied,
    404: NotFound,
    retry.TOO_SLOW: Unavailable,
    429: RateLimited,
}


@attrs.define
class Engine:
    """Answers the requests of one adapter through one port."""

    adapter: Adapter
    port: Port
    budget: Budget
    retry: Retry
    auth: Auth
    strict: bool = False
    _known: dict[str, str] = attrs.field(factory=dict[str, str], init=False)
    live: set[End] = attrs.field(factory=set[End], init=False)
    _tokens: Tokens = attrs.field(factory=Tokens, init=False)
    _allowance: Allowance = attrs.field(factory=Allowance, init=False)
    _renewals: Renewals = attrs.field(init=False)
    _lookup: AbstractAsyncContextManager[object] = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        self._renewals = Renewals(
            self.adapter.name, self.port, self.retry.patience, self.answer
        )
        self._lookup = self.port.lock()

    async def run(self, flow: Flow[R]) -> R:
        """The flow's result, all its requests answered."""
        run = Run[Never, R](self, flow)
        await run.next_page()
        return run.result

    async def gathered(
        self, flow: Generator[Request | Page[T], Response, R]
    ) -> R | list[T]:
        """What the generator returns; the items of its pages where it returns None."""
        run = Run[T, R](self, flow)
        items: list[T] = []
        while (page := await run.next_page()) is not None:
            items.extend(page.items)
        return items if run.result is None else run.result

    async def end_pulls(self) -> None:
        """Ends every pull that is under way; `live` has what ends each."""
        for end in list(self.live):
            await end()

    async def answer(self, request: Request) -> Response:
        """The vendor's good answer. Raises what `errors.py` draws."""
        path = await self._filled(request.path)
        if request.delay > 0:
            tell(held(self.adapter.name, request, "it is not done yet", request.delay))
            await self.port.sleep(request.delay)
        attempt, waited, has_renewed = 1, 0.0, False
        while True:
            seen = await self._credential(request)
            outcome = await self._attempt(request, path)
            if isinstance(outcome, Response):
                self._tokens.give(retried=attempt > 1)
                return outcome
            if self._can_renew(outcome, seen) and not has_renewed:
                has_renewed = True
                refusal = outcome.refusal
                await self._renewals.renew(self.auth, request, seen, refusal)
                continue
            pause = self._pause(outcome, attempt, waited)
            tell(repeated(outcome.error, pause, attempt=attempt, tries=outcome.tries))
            await self.port.sleep(pause)
            attempt, waited = attempt + 1, waited + pause

    async def _attempt(self, request: Request, path: str) -> Response | Failure:
        try:
            # A place first: who has booked is sent at once. Booked calls that wait in
            # line would go out in a crowd, more than the vendor allows.
            async with self.port.place() as place:
                await self._admit(request)
                try:
                    url = self.port.address(request, path)
                    headers = self._headers(request, url)
                    reply = await place.send(request, path, headers)
                finally:
                    if request.is_api:
                        self._allowance.ended()
        except Lost as lost:
            return self._lost(request, lost)
        response = self._response(request, url, reply)
        for left in self.adapter.left(response):
            # Who has limits of its own need not guess.
            if not (left.is_guess and self.budget.limits):
                self._allowance.learn(left, self.port.monotonic())
        return response if reply.status in request.done else self._failure(response)

    def _response(self, request: Request, url: str, reply: Reply) -> Response:
        return Response(
            status=reply.status,
            headers=reply.headers,
            body=self._shown(request, reply.body),
            at=self.port.now(),
            request=request,
            vendor=self.adapter.name,
            url=url,
            request_id=reply.headers.get(self.adapter.request_id_header),
            api_version=reply.headers.get(self.adapter.api_version_header),
            strict=self.strict,
        )

    def _shown(self, request: Request, body: bytes) -> bytes:
        for secret in self.auth.secrets(request):
            body = secret.out_of(body)
        return body

    def _headers(self, request: Request, url: str) -> Masked:
        is_plain = request.host == "auth" and request.credential is None
        if is_plain or request.url is not None:
            return NO_HEADERS
        attempt = Attempt(request, url, self.port.wall())
        return Masked(self.auth.headers(attempt))

    # -- before: the path, the credential, the budget ------------------------------

    async def _filled(self, path: str) -> str:
        names = [name for _, name, _, _ in Formatter().parse(path) if name]
        for name in names:
            if name not in self._known:
                await self._look_up(name)
        return path.format_map(self._known) if names else path

    async def _look_up(self, name: str) -> None:
        async with self._lookup:
            if name in self._known:
                return  # Somebody looked it up while we waited.
            value = await self.run(self.adapter.lookup(name))
            self._known[name] = segment(value)

    async def _credential(self, request: Request) -> int:
        seen = self.auth.stamp(request)  # Before the look at the clock, not after it.
        if request.is_api and self.auth.is_due(request, self.port.monotonic()):
            await self._renewals.renew(self.auth, request, seen, None)
        return self.auth.stamp(request)

    def _can_renew(self, failure: Failure, seen: int) -> bool:
        if failure.refusal is None:
            return False
        # Somebody else may have renewed while this attempt was on its way.
        has_new = self.auth.stamp(failure.refusal.response.request) != seen
        return has_new or self.auth.can_renew(failure.refusal)

    async def _admit(self, request: Request) -> None:
        if not request.is_api:
            return
        await self._book(request)
        while (wait := self._allowance.take(self.port.monotonic())) > 0:
            why = "the vendor says that its allowance is used up"
            tell(held(self.adapter.name, request, why, wait))
            await self.port.sleep(wait)

    async def _book(self, request: Request) -> None:
        if not request.weight:
            return  # It costs nothing, so it waits for nobody.
        booking, wait = self.budget.book(request.weight)
        if wait > self._longest_wait(booking):
            self.budget.give_back(booking)
            raise self._used_up(request, booking, wait)
        try:
            if wait > 0:
                why = used_up(self.budget.limits, booking)
                tell(held(self.adapter.name, request, why, wait))
                await self.port.sleep(wait)
        except BaseException:
            self.budget.give_back(booking)
            raise

    def _longest_wait(self, booking: Booking) -> float:
        """A quota is not waited for; a queue is, as long as queues can be."""
        patience = self.retry.patience
        if booking.is_postponed:
            return patience
        return max(patience, longest_queue(self.budget.limits))

    def _used_up(self, request: Request, booking: Booking, wait: float) -> RateLimited:
        retry_at = retry.later(self.port.now(), wait)
        until = f"{retry_at:%Y-%m-%d %H:%M} UTC" if retry_at else "the end of time"
        what = "month's budget" if booking.is_postponed else "budget"
        return RateLimited(
            f"the {what} is used up until {until}; raise `budget` if your contract "
            "allows more",
            retry_at=retry_at,
            vendor=self.adapter.name,
            operation=request.operation,
        )

    # -- after: what a failed attempt means ----------------------------------------

    def _lost(self, request: Request, lost: Lost) -> Failure:
        vendor, operation = self.adapter.name, request.operation
        if not request.safe and lost.was_sent:
            reason = _unknown(lost.reason)
            return Failure(
                error=OutcomeUnknown(reason, vendor=vendor, operation=operation)
            )
        tries = 1 if lost.is_final else self.retry.tries
        error = lost.kind(lost.reason, vendor=vendor, operation=operation)
        return Failure(error=error, tries=tries)

    def _failure(self, response: Response) -> Failure:
        status, kind = response.status, self._kind(response)
        if kind is RateLimited:
            return self._limited(response)
        # Gateways say 408 too, after what is behind them has worked.
        if kind in (None, Unavailable) and not response.request.safe:
            reason = _unknown(_moved(response))
            return Failure(error=self._error(OutcomeUnknown, response, reason))
        if status == retry.ACCEPTED:
            waiting = "the answer is still in the making"
            error = self._error(Unavailable, response, waiting)
            return Failure(error=error, tries=0, is_free=True)
        if kind is Unavailable:
            tries = 2 if status == retry.TOO_HEAVY else self.retry.tries
            error = self._error(Unavailable, response)
            asked = self.adapter.asked_wait(response)
            return Failure(error=error, tries=tries, asked=asked)
        if kind is None:
            return Failure(error=self._error(Unreadable, response, _moved(response)))
        error = self._error(kind, response)
        refusal = Refusal(response, self.port.wall())
        is_renewable = isinstance(error, AuthRefused) and _is_signed(response.request)
        return Failure(error=error, refusal=refusal if is_renewable else None)

    def _kind(self, response: Response) -> Kind | None:
        """What the answer is by its status; the adapter may know a 4xx better."""
        status = response.status
        if status < HTTP_REFUSED:
            return None
        if status >= HTTP_FAULT:
            return Unavailable
        told = self.adapter.problem(response).kind
        return told or _BY_STATUS.get(status, Rejected)

    def _limited(self, response: Response) -> Failure:
        asked = self.adapter.asked_wait(response)
        problem = self.adapter.problem(response)
        error = RateLimited(
            problem.message,
            retry_at=retry.later(response.at, asked),
            vendor=self.adapter.name,
            operation=response.request.operation,
            status=response.status,
            code=problem.code,
            request_id=response.request_id,
        )
        return Failure(error=error, tries=0, asked=asked, is_free=True)

    def _error(
        self,
        kind: type[SocialMetricsError],
        response: Response,
        message: str | None = None,
    ) -> SocialMetricsError:
        problem = self.adapter.problem(response)
        return kind(
            problem.message if message is None else message,
            vendor=self.adapter.name,
            operation=response.request.operation,
            status=response.status,
            code=problem.code,
            request_id=response.request_id,
            told=problem.told,
        )

    def _pause(self, failure: Failure, attempt: int, waited: float) -> float:
        """Seconds until the next try; raises the error where there is none."""
        if failure.tries and attempt >= failure.tries:
            raise after(attempt, failure.error)
        pause = self.retry.pause(attempt, random.random())  # noqa: S311 - no secret
        if failure.asked is not None:
            # Not less than our own pause: "0" again and again would never end.
            asked = failure.asked * (1 + random.random() / 10)  # noqa: S311 - no secret
            pause = max(pause, asked)
        too_long = failure.asked is not None and failure.asked > self.retry.patience
        if too_long or waited + pause > self.retry.patience * 1.1:
            raise after(attempt, failure.error)
        if not failure.is_free and not self._tokens.take():
            raise after(attempt, failure.error)
        return pause


class Run(Generic[T, R]):
    """One generator on its way: page by page, with its result at the end."""

    result: R

    def __init__(
        self, engine: Engine, flow: Generator[Request | Page[T], Response, R]
    ) -> None:
        self._engine = engine
        self._flow = flow

    async def next_page(self) -> Page[T] | None:
        """The next page; None when the generator has returned."""
        outcome: Response | SocialMetricsError | None = None
        while True:
            try:
                step = self._resume(outcome)
            except StopIteration as end:
                self.result = end.value
                return None
            if isinstance(step, Page):
                return step
            try:
                outcome = await self._engine.answer(step)
            except SocialMetricsError as err:
                outcome = err

    def close(self) -> None:
        """Ends the generator where it stands."""
        self._flow.close()

    def _resume(
        self, outcome: Response | SocialMetricsError | None
    ) -> Request | Page[T]:
        if isinstance(outcome, SocialMetricsError):
            return self._flow.throw(outcome)
        return next(self._flow) if outcome is None else self._flow.send(outcome)


def _is_signed(request: Request) -> bool:
    """Whether our own credential goes with it, other than to fetch a new one."""
    return request.is_api or (
        request.url is None and request.credential not in (None, BASIC)
    )


def _unknown(reason: str) -> str:
    return (
        f"it may have been done: {reason.rstrip('.')}. It is not sent again, because "
        "that could do it twice; look at the vendor before you repeat it"
    )


def _moved(response: Response) -> str:
    try:
        host = urlsplit(response.headers.get("location", "")).hostname
    except ValueError:
        host = None
    if HTTP_MOVED <= response.status < HTTP_REFUSED and host:
        return f"a redirect to {host!r}, which is not followed; check base_url"
    return f"HTTP {response.status} is no answer of this endpoint"

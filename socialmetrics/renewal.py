"""Renews a credential: once for everybody who waits for it, and never half."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager, ExitStack
from copy import copy
from typing import Final

import attrs

from socialmetrics.auth import Auth, Lock, Refusal, Renewal
from socialmetrics.errors import AuthRefused, SocialMetricsError, Unavailable
from socialmetrics.port import Port
from socialmetrics.wire import Request, Response

REFUSED_FOR: Final = 30.0
"""Seconds that a refused renewal stands, before somebody asks again."""
LOOKED: Final = 0.05
"""Seconds after which a lock that somebody else has is looked at again."""


@attrs.define
class Renewals:
    """The renewals of one client; `answer` sends their requests.

    `patience` are the seconds for which a lock is waited for.
    """

    vendor: str
    port: Port
    patience: float
    answer: Callable[[Request], Awaitable[Response]]
    _refused: dict[object, tuple[AuthRefused, float]] = attrs.field(
        factory=dict[object, tuple[AuthRefused, float]], init=False
    )
    _turn: AbstractAsyncContextManager[object] = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        self._turn = self.port.lock()

    async def renew(
        self, auth: Auth, request: Request, seen: int, refusal: Refusal | None
    ) -> None:
        """Renews what that request needs, unless its stamp is not `seen` any more.

        Once begun, it goes on to its end even where whoever waits is cancelled: what
        the server has given must not be lost. Raises `AuthRefused`.
        """
        await self.port.whole(self._renew(auth, request, seen, refusal))

    async def _renew(
        self, auth: Auth, request: Request, seen: int, refusal: Refusal | None
    ) -> None:
        async with self._turn:
            now = self.port.monotonic()
            refused, at = self._refused.get(request.credential, (None, 0.0))
            if refused is not None and now < at + REFUSED_FOR:
                raise copy(refused)
            if auth.stamp(request) != seen:
                return  # Somebody renewed while we waited.
            try:
                await self._run(auth.renew(now, refusal))
            except AuthRefused as err:
                self._refused[request.credential] = err, self.port.monotonic()
                raise

    async def _run(self, renewal: Renewal) -> None:
        with ExitStack() as taken:
            outcome: Response | SocialMetricsError | None = None
            while True:
                try:
                    step = _resumed(renewal, outcome)
                except StopIteration:
                    return
                try:
                    outcome = await self._done(step)
                except SocialMetricsError as err:
                    outcome = err
                else:
                    if not isinstance(step, Request):
                        taken.callback(step.give)

    async def _done(self, step: Request | Lock) -> Response | None:
        if isinstance(step, Request):
            return await self.answer(step)
        until = self.port.monotonic() + self.patience
        while not step.take():
            if self.port.monotonic() >= until:
                raise Unavailable(
                    "another process has been renewing the same tokens for "
                    f"{self.patience:g} s; look whether it hangs",
                    vendor=self.vendor,
                    operation="token",
                )
            await self.port.sleep(LOOKED)
        return None


def _resumed(
    renewal: Renewal, outcome: Response | SocialMetricsError | None
) -> Request | Lock:
    if isinstance(outcome, SocialMetricsError):
        return renewal.throw(outcome)
    return next(renewal) if outcome is None else renewal.send(outcome)

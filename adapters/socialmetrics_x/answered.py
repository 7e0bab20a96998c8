"""One request, answered: waited for, doubted, and asked what it complains of.

A good answer can carry a refusal instead of figures. What it says then decides: too
fast is waited for, posts or metrics that may not be asked for are for the caller, and
an answer that says nothing is asked for again.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Final, TypeVar

import attrs

from socialmetrics.decode import Answer, ask
from socialmetrics.errors import PermissionDenied, RateLimited, SocialMetricsError
from socialmetrics.wire import Flow, Request
from socialmetrics_x.complaints import Complaints

P = TypeVar("P")
K = TypeVar("K", bound=SocialMetricsError)
Silence = Callable[[P], Complaints | None]
"""What an answer without any figure complains of; None where there are figures."""

_WAIT: Final = 20.0
_WAITS: Final = 3
"""How long, and how often, an answer is waited for that says "rate limit" in a 200."""


def answered(request: Request, kind: type[P], silence: Silence[P]) -> Flow[Answer[P]]:
    """The answer. Raises `PermissionDenied` for a good one that is a refusal.

    Raises `RateLimited` where it was too fast to the last, and `Incomplete` where it
    has no figures and does not say why.
    """
    for number in count():
        delayed = attrs.evolve(request, delay=number * _WAIT)
        answer = yield from ask(delayed, kind, lambda found: _doubt(silence(found)))
        told = silence(answer.payload)
        if told is None:
            return answer
        if told.is_foreign or told.metrics:
            raise _refusal(PermissionDenied, answer, told)
        if not told.is_limited:
            return answer
        if number == _WAITS:
            raise _refusal(RateLimited, answer, told)
    raise AssertionError  # pragma: no cover - count() does not end


def _doubt(told: Complaints | None) -> str | None:
    """Why an answer without figures cannot be right; None where it says itself."""
    if told is None or told.is_foreign or told.metrics:
        return None
    if told.is_limited or told.is_unavailable or told.listed:
        return None
    return "; ".join(told.texts) or "it has no figures, and does not say why"


def _refusal(kind: type[K], answer: Answer[P], told: Complaints) -> K:
    error = kind(
        "; ".join(told.texts),
        vendor=answer.response.vendor,
        operation=answer.response.request.operation,
        status=answer.response.status,
    )
    error.told = told
    return error

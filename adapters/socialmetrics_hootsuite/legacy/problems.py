"""What an error answer says. Its shapes and codes were never written down."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Final, TypeGuard

import attrs

from socialmetrics import retry
from socialmetrics.adapter import Problem
from socialmetrics.wire import Response
from socialmetrics.wording import clean, plain
from socialmetrics_hootsuite.legacy import payloads

HOUR: Final = 3600.0
_UNAUTHORIZED: Final = 401
_LIMITING: Final = frozenset({403, 503})
_WORDS: Final = re.compile(
    r"rate.?limit|too many|throttl|quota|limit (?:is )?(?:reached|exceeded)"
    r"|exceeded .*limit|max(?:imum)? rate",
    re.IGNORECASE,
)
_LOGIN: Final = (
    "the access token has ended or was withdrawn; this API renews none, so log in again"
)


@attrs.frozen
class Throttled:
    """It is a limit that refused; `retry_at` is when it surely has room (UTC)."""

    retry_at: datetime | None


def problem(response: Response) -> Problem:
    """`error` and `error_description` of the body, whatever they hold."""
    texts = list(dict.fromkeys(map(clean, _texts(response))))
    message = ": ".join(texts) or plain(response)
    if response.status == _UNAUTHORIZED:
        message = f"{message} ({_LOGIN})"
    retry_at = retry.later(response.at, asked_wait(response))
    return Problem(
        message=message,
        told=Throttled(retry_at) if is_throttled(response) else None,
    )


def asked_wait(response: Response) -> float | None:
    """`Retry-After`; for a limit without one an hour, after which it surely has room.

    An outage that says nothing is not waited for longer than others.
    """
    asked = retry.asked_wait(response.headers, response.at)
    return HOUR if asked is None and is_throttled(response) else asked


def is_throttled(response: Response) -> bool:
    """Whether it is a limit that refused: 429, or 403 and 503 that speak of one."""
    if response.status == retry.LIMITED:
        return True
    told = response.body.decode("utf-8", "replace")
    return response.status in _LIMITING and _WORDS.search(told) is not None


def _texts(response: Response) -> Iterator[str]:
    found = payloads.opened(response.body) or {}
    for key in ("error", "errors", "error_description", "message"):
        yield from said(payloads.plain(found.get(key)))


def said(told: object) -> Iterator[str]:
    """The texts in what stands under `error`: a text, an object, or several."""
    if isinstance(told, str) and told:
        yield told
    elif _is_list(told):
        for each in told:
            yield from said(each)
    elif _is_object(told):
        yield from said(told.get("message") or told.get("error") or str(told))


def _is_list(told: object) -> TypeGuard[list[object]]:
    return isinstance(told, list)


def _is_object(told: object) -> TypeGuard[dict[str, object]]:
    return isinstance(told, dict)

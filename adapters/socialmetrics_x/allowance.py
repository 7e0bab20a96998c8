"""What X's headers say about its limits: per minute and per second, for the whole app.

None of them is promised; an absent one says nothing. A reset is an instant in seconds
since 1970 by the server's clock, so it is measured against the server's own `Date`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from socialmetrics import retry
from socialmetrics.allowance import Left
from socialmetrics.wire import Response

_WINDOWS: Final = {"minute": 60.0, "second": 1.0}


def left(response: Response) -> tuple[Left, ...]:
    """The calls that are left of each window that says so, and until when."""
    return tuple(_left(response))


def _left(response: Response) -> Iterator[Left]:
    for window in _WINDOWS:
        calls = _number(response, f"x-per-{window}-remaining")
        seconds = _until_reset(response, window)
        if calls is not None and seconds is not None:
            yield Left(window=window, calls=int(calls), seconds=seconds)
        elif calls == 0:  # At the latest the window ends when it is as old as long.
            length = _WINDOWS[window]
            yield Left(window=window, calls=0, seconds=length, is_guess=True)


def asked_wait(response: Response) -> float | None:
    """The seconds to wait after a refusal; None where the answer does not say."""
    asked = retry.asked_wait(response.headers, response.at)
    if asked is not None:
        return asked
    waits = [
        seconds
        for window in _WINDOWS
        if (seconds := _until_reset(response, window)) is not None
        and not _number(response, f"x-per-{window}-remaining")
    ]
    return max(waits, default=None)


def _until_reset(response: Response, window: str) -> float | None:
    """Seconds until the window ends: never more than it is long."""
    reset = _number(response, f"x-per-{window}-reset")
    now = retry.http_date(response.headers.get("date", "")) or response.at
    if reset is None:
        return None
    return min(max(reset - now.timestamp(), 0.0), _WINDOWS[window])


def _number(response: Response, name: str) -> float | None:
    try:
        number = float(response.headers.get(name, ""))
    except ValueError:
        return None
    return number if 0 <= number < float("inf") else None

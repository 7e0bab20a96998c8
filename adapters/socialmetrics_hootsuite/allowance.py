"""What Hootsuite's limits are, and what a throttled answer asks for.

The count of requests that are left is of one node of the vendor's cluster: 14 for a
client that does nothing. It is not used. What is left of the day's quota is a hint; it
counts only once a call was refused.
"""

from __future__ import annotations

import re
from typing import Final

from socialmetrics import retry
from socialmetrics.budget import Limit
from socialmetrics.wire import Response

LIMITS: Final = (Limit(20, 1.0), Limit(100_000, 86_400.0))
NEXT_SECOND: Final = 1.5
"""Seconds: the vendor counts by the second and does not say when to come back."""
FAULT: Final = 500
_NUMBER: Final = re.compile(r"\d{1,15}")


def is_used_up(response: Response) -> bool:
    """Whether the vendor says that the calls of the day are all made."""
    quota = _number(response, "x-account-quota")
    used = _number(response, "x-account-quota-used")
    return quota is not None and used is not None and used >= quota


def asked_wait(response: Response) -> float | None:
    """Seconds until another try; without end where the day's calls are used up.

    When that day ends is written nowhere.
    """
    asked = retry.asked_wait(response.headers, response.at)
    if asked is not None or response.status >= FAULT:
        return asked
    return float("inf") if is_used_up(response) else NEXT_SECOND


def _number(response: Response, name: str) -> int | None:
    """The number at the beginning, of texts like "100000 per day"."""
    found = _NUMBER.match(response.headers.get(name, "").strip())
    return None if found is None else int(found[0])

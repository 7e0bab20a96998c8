"""Post ids: which texts are one, and when its post was made.

An id made since November 2010 holds the millisecond of its post (Snowflake): bits 22
and up, counted from `EPOCH`. Ids are compared as numbers and carried as text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from socialmetrics.errors import InvalidQuery
from socialmetrics.model import Ref
from socialmetrics.series.columns import NONE, micros
from socialmetrics.series.subjects import Refs

NETWORK: Final = "x"
EPOCH: Final = datetime(2010, 11, 4, 1, 42, 54, 657_000, tzinfo=UTC)
FIRST: Final = 29_700_000_000
"""About where the ids begin that hold a time; what is below was made before `EPOCH`."""
_SHIFT: Final = 22
_MILLISECOND: Final = timedelta(milliseconds=1)
_LARGEST: Final = 2**64 - 1
_DIGITS: Final = len(str(_LARGEST))
_FIRST_DIGITS: Final = frozenset("123456789")
DIGITS: Final = re.compile(r"[1-9][0-9]{0,19}", re.ASCII)
"""How an id is written."""
_LINK: Final = re.compile(
    r"(?:https?://)?(?:www\.|mobile\.|m\.)?(?:x|twitter)\.com"
    r"/(?:i/web|i|[A-Za-z0-9_]{1,15})/status(?:es)?/([0-9]+)(?:[/?#].*)?",
    re.ASCII | re.IGNORECASE,
)


def post_id(text: str) -> str:
    """The id in an id or in a post's address. Raises `InvalidQuery` for other text."""
    if len(text) < _DIGITS and text.isascii() and text.isdigit() and text[0] != "0":
        return text  # Nearly always, and quicker than a pattern.
    told = text.strip()
    link = _LINK.fullmatch(told)
    found = link[1] if link else told
    if DIGITS.fullmatch(found) is None or int(found) > _LARGEST:
        raise InvalidQuery(
            f"{text!r} is no post of X; write its id (digits without leading zeros) or "
            "its address, https://x.com/<name>/status/<id>"
        )
    return found


def post_ids(texts: Sequence[str]) -> Sequence[str]:
    """The same for many texts. Raises `InvalidQuery` for the first that is none."""
    return texts if _are_ids(texts) else [post_id(text) for text in texts]


def _are_ids(texts: Sequence[str]) -> bool:
    """Whether all surely are: a look at them together takes a tenth of the time."""
    whole = "".join(texts)
    is_short = max(map(len, texts), default=0) < _DIGITS
    firsts = {text[:1] for text in texts}
    return is_short and firsts <= _FIRST_DIGITS and whole.isascii() and whole.isdigit()


def refs(texts: Iterable[str]) -> tuple[Ref, ...]:
    """The posts of these ids and addresses, each once, in the order given."""
    return tuple(dict.fromkeys(Ref(NETWORK, post_id(text)) for text in texts))


@lru_cache(maxsize=8)
def references(ids: tuple[str, ...]) -> Refs:
    """These posts, known to be some. Kept: requests of the same posts follow on."""
    return Refs(NETWORK, ids)


def created(native_id: str) -> datetime | None:
    """When the post was made (UTC); None for ids that are too old to hold it."""
    number = int(native_id)
    if number < FIRST:
        return None
    return EPOCH + (number >> _SHIFT) * _MILLISECOND


@lru_cache(maxsize=8)
def numbers(ids: tuple[str, ...]) -> NDArray[np.uint64]:
    """These ids, known to be some, as numbers."""
    # As text, all at once: four times as quick as a number after the other.
    return np.fromstring(",".join(ids), np.uint64, sep=",")


def births(ids: tuple[str, ...]) -> NDArray[np.int64]:
    """When these posts were made, in microseconds since 1970; `NONE` as `created`."""
    found = numbers(ids)
    milliseconds = (found >> np.uint64(_SHIFT)).astype(np.int64)
    return np.where(found < FIRST, NONE, micros(EPOCH) + milliseconds * 1000)


def smallest(moment: datetime) -> int:
    """The smallest id of a post made at that moment or later; 0 before `EPOCH`."""
    steps = -((EPOCH - moment) // _MILLISECOND)  # Rounded up.
    return max(0, steps) << _SHIFT

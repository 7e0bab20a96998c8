"""What can be set about the simulated service."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Literal

import attrs


def _texts(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(values)


def _numbers(values: Iterable[int]) -> tuple[int, ...]:
    return tuple(values)


@attrs.frozen(kw_only=True)
class Options:
    """Limits, failures, and what the documents leave open.

    `clock` is the time of the data (default: the world's now, standing still). At most
    `per_hour` streams in `hour_seconds` of the real clock; beyond them the answer is
    `limited`, with a Retry-After of `retry_after` seconds where one is set.

    The posts with the numbers in `cuts` (1 is the first) are published, and then the
    line is cut. `receipt` is how a post is answered: a list or one object under
    `results`, the object alone, an empty body, or text. `enveloped`: whether reads come
    under `results`; `inner` is what the list of one of several streams is called.
    `id_key` is the key of a Facebook message's id ("": none). Kinds in `left_out` are
    forgotten in answers for several streams. Every `hidden`-th message counts for a
    page, and is not shown (0: none).
    """

    clock: Callable[[], datetime] | None = None
    per_hour: int = 300
    hour_seconds: float = 3600.0
    limited: Literal[429, 403, 503] = 429
    retry_after: int | None = None
    cuts: tuple[int, ...] = attrs.field(default=(), converter=_numbers)
    receipt: Literal["list", "object", "bare", "empty", "text"] = "list"
    enveloped: bool = True
    inner: str = "messages"
    id_key: Literal["id", "postId", "post_id", ""] = "id"
    left_out: tuple[str, ...] = attrs.field(default=(), converter=_texts)
    hidden: int = 0

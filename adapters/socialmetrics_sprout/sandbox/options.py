"""What can be set about the simulated service."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import attrs


@attrs.frozen(kw_only=True)
class Options:
    """Limits, and what the documents leave open.

    `clock` is the service's time (default: the world's now, standing still): it cuts
    off newer posts and activity, expires tokens and removes metrics. `customers` are
    the ones that the token may see (default: all); `foreign` exist but are not its own.
    `cursor_paging`: whether answers in guid order say how many pages remain.
    `topics_bare`: topics as an array without `data`. `topic_epoch`: their times in
    milliseconds. `hollow_pages`: every so many pages of messages one is empty, though
    more follow. `media_wait`: how many times a completion answers 202 first.
    """

    clock: Callable[[], datetime] | None = None
    per_minute: int = 60
    per_month: int = 250_000
    window_seconds: float = 60.0
    month_seconds: float = 30 * 86_400.0
    customers: tuple[int, ...] | None = None
    foreign: tuple[int, ...] = (404_404,)
    token_seconds: int = 3600
    cursor_paging: bool = True
    topics_bare: bool = False
    topic_epoch: bool = False
    hollow_pages: int = 0
    media_wait: int = 1
    media_part_bytes: int = 5 * 1024 * 1024

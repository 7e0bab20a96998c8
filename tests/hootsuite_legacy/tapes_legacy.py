"""The Engagement API's cassettes: a line for every message."""

from __future__ import annotations

from functools import partial
from typing import Final
from urllib.parse import urlsplit

from socialmetrics_hootsuite import HootsuiteLegacy
from tests.recording.layout import laid_out
from tests.recording.tapes import AllBut, Studio

HOST: Final = HootsuiteLegacy.base_url.removesuffix(
    urlsplit(HootsuiteLegacy.base_url).path
)
STUDIO: Final = Studio(
    title="Hootsuite Engagement API 2",
    name="hootsuite_legacy",
    base_url=HOST,
    auth_url=HOST,
    auth_paths=(),
    headers=frozenset({"content-type", "retry-after"}),
    secrets=AllBut(frozenset()),
    match=("method", "scheme", "host", "path", "query", "body"),
    laid_out=partial(laid_out, key="results"),
)

"""Hootsuite's cassettes: what is kept of headers, forms and upload addresses."""

from __future__ import annotations

from functools import partial
from typing import Final

from socialmetrics_hootsuite import Hootsuite
from tests.recording.layout import laid_out
from tests.recording.tapes import AllBut, Store, Studio

STUDIO: Final = Studio(
    title="Hootsuite",
    name="hootsuite",
    base_url=Hootsuite.base_url,
    auth_url=Hootsuite.base_url,
    auth_paths=("/oauth2/",),
    headers=frozenset(
        {
            *("content-type", "retry-after", "x-account-quota", "x-account-quota-used"),
            "x-account-rate-limit-requests-remaining",
        }
    ),
    secrets=AllBut(
        frozenset(
            {
                *("grant_type", "redirect_uri", "scope", "member_id"),
                *("organization_id", "token_type", "token_Type", "expires_in"),
            }
        )
    ),
    match=("method", "scheme", "host", "path", "query", "body"),
    laid_out=partial(laid_out, key="data"),
    store=Store(
        path="/s3/", url="https://uploads.example", kept=frozenset({"Expires"})
    ),
)

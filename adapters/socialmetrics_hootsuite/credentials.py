"""Hootsuite's authorization server, on the same host as its API."""

from __future__ import annotations

from typing import Final

from socialmetrics.oauth2 import Server

SERVER: Final = Server(
    authorize_path="/oauth2/auth",
    token_path="/oauth2/token",  # noqa: S106 - an address
    scopes=("offline", "analytics:read"),
    app_grants={"member_id": "member_app", "organization_id": "organization_app"},
    rotates=True,
)
"""Without "offline" there is no refresh token. "analytics:read" has to be ticked on the
app first; an app without it sets `scope="offline"`, and has no figures."""

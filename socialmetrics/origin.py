"""Where a call goes, as errors may say it."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

_PORTS: Final = {"http": 80, "https": 443}


def origin(address: str) -> str:
    """Scheme, host and port, and nothing else of it: the rest may be a secret."""
    parts = urlsplit(address)
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    return f"{parts.scheme}://{host}:{parts.port or _PORTS.get(parts.scheme, '?')}"


def route(address: str, proxy: str | None) -> str:
    """The same, and through which proxy."""
    through = f" through the proxy {origin(proxy)}" if proxy else ""
    return origin(address) + through

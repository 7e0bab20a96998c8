"""Where a call goes: whether it may go there, and how errors may say it."""

from __future__ import annotations

import ipaddress
from typing import Final
from urllib.parse import urlsplit

_PORTS: Final = {"http": 80, "https": 443}


def scheme_and_host(address: str) -> tuple[str, str]:
    """Both, in lower case; no host where it is no address. Shows nothing of it."""
    if not address.isascii() or not address.isprintable() or " " in address:
        return "", ""
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError:
        return "", ""
    return parts.scheme, parts.hostname or ""


def is_protected(scheme: str, host: str) -> bool:
    """Whether nobody can listen: https, or plain http that stays on this machine."""
    return scheme == "https" or (scheme == "http" and _is_loopback(host))


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def origin(address: str) -> str:
    """Scheme, host and port, and nothing else of it: the rest may be a secret."""
    parts = urlsplit(address)
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    return f"{parts.scheme}://{host}:{parts.port or _PORTS.get(parts.scheme, '?')}"


def route(address: str, proxy: str | None) -> str:
    """The same, and through which proxy."""
    through = f" through the proxy {origin(proxy)}" if proxy else ""
    return origin(address) + through

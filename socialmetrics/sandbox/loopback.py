"""Sockets that only this machine can reach."""

from __future__ import annotations

from ipaddress import IPv4Address, ip_address
from socket import AF_INET, AF_INET6, create_server, socket

from socialmetrics.errors import InvalidQuery


def listen(host: str, port: int) -> socket:
    """A listening socket on a loopback address. Refuses every other host."""
    try:
        address = ip_address(host)
    except ValueError:
        address = None
    if address is None or not address.is_loopback:
        raise InvalidQuery(
            f"host={host!r} is not a loopback address; a sandbox has no real security, "
            "so it serves this machine only: write '127.0.0.1' or '::1'"
        )
    family = AF_INET if isinstance(address, IPv4Address) else AF_INET6
    return create_server((host, port), family=family)


def url_of(listener: socket) -> str:
    """The address under which that socket is reached."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"

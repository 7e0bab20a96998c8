"""How an account lets the app act for it: three steps, by callback or by PIN."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlencode, urlsplit

import attrs

from socialmetrics.sandbox.days import trim
from socialmetrics_x.sandbox.keys import letters

OUT_OF_BAND: Final = "oob"
_PIN: Final = 7
_MOST_KEPT: Final = 1_000


@attrs.define(kw_only=True)
class Login:
    """One attempt: its request token, and who agreed to it with which verifier."""

    key: str
    secret: str = attrs.field(repr=False)
    callback: str
    user_id: str | None = None
    verifier: str | None = None

    def back(self, **told: str) -> str | None:
        """The address that the browser is sent back to; None where a PIN is shown."""
        if self.callback == OUT_OF_BAND:
            return None
        joint = "&" if urlsplit(self.callback).query else "?"
        return f"{self.callback}{joint}{urlencode(told)}"


def is_callback(told: str) -> bool:
    """Whether that is a callback: an address of the web, or `oob`."""
    try:
        parts = urlsplit(told)
    except ValueError:
        return False
    is_address = parts.scheme in {"http", "https"} and bool(parts.netloc)
    return told == OUT_OF_BAND or is_address


class Logins:
    """The attempts that are under way; the oldest are forgotten."""

    def __init__(self) -> None:
        self._open: dict[str, Login] = {}
        self._count = 0

    def begin(self, callback: str) -> Login:
        """A new attempt that nobody agreed to yet."""
        self._count += 1
        name = f"request {self._count}"
        key, secret = f"sandbox{letters(name, 20)}", letters(f"{name} secret", 32)
        trim(self._open, _MOST_KEPT)
        self._open[key] = Login(key=key, secret=secret, callback=callback)
        return self._open[key]

    def find(self, key: str) -> Login | None:
        """The attempt with that request token."""
        return self._open.get(key)

    def allow(self, login: Login, user: str) -> str:
        """Writes down who agreed; the verifier that proves it."""
        digits = "0123456789"
        name = f"verifier {login.key}"
        is_pin = login.callback == OUT_OF_BAND
        login.user_id = user
        login.verifier = letters(name, _PIN, digits) if is_pin else letters(name, 32)
        return login.verifier

    def close(self, login: Login) -> None:
        """Ends an attempt: its request token is worth nothing any more."""
        del self._open[login.key]

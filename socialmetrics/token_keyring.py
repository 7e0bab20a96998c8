"""Tokens in the keyring of the user's desktop, where there is one."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Final, Protocol, TypeVar

from socialmetrics.auth import Lock
from socialmetrics.errors import InvalidQuery
from socialmetrics.secret import Secret
from socialmetrics.token_file import lock_beside
from socialmetrics.tokens import Tokens, data_folder, read, written

SERVICE: Final = "socialmetrics tokens"
RECOMMENDED: Final = 1.0
"""The priority from which on the package itself recommends a backend."""
R = TypeVar("R")


class Backend(Protocol):
    """What the package `keyring` promises of a backend."""

    @property
    def priority(self) -> float:
        """How good it is; nothing is kept by one of 0 or less."""
        ...

    def get_password(self, service: str, username: str) -> str | None:
        """The text kept under that name."""
        ...

    def set_password(self, service: str, username: str, password: str) -> None:
        """Keeps the text."""
        ...

    def delete_password(self, service: str, username: str) -> None:
        """Forgets it."""
        ...


def _backend() -> Backend | None:
    """The one that the package chooses; None where it is not installed."""
    try:
        keyring = import_module("keyring")
    except ModuleNotFoundError:
        return None
    chosen: Backend = _done(keyring.get_keyring)
    return chosen


def is_recommended() -> bool:
    """Whether there is a keyring that people would expect to be used."""
    found = _backend()
    return found is not None and found.priority >= RECOMMENDED


class KeyringStore:
    """Tokens in the user's keyring; who is logged in can use them.

    Renewals of several processes wait for a lock file in the user's data folder.
    """

    def __init__(self) -> None:
        found = _backend()
        if found is None:
            raise InvalidQuery(
                "token_store='keyring' needs the package keyring: "
                "pip install 'socialmetrics[cli]'"
            )
        if found.priority <= 0:
            raise InvalidQuery(
                "token_store='keyring': this machine has no keyring; use 'file'"
            )
        self._keyring = found

    @property
    def place(self) -> str:
        """Its kind."""
        return f"the keyring ({type(self._keyring).__name__})"

    def load(self, account: str) -> Tokens | None:
        """The account's tokens."""
        found = self._text(account)
        tokens = None if found is None else read(found)
        if found is not None and tokens is None:
            raise InvalidQuery(
                f"{self.place} holds something else than tokens under {SERVICE!r}, "
                f"{account!r}; remove it and log in again"
            )
        return tokens

    def save(self, account: str, tokens: Tokens) -> None:
        """Keeps them."""
        text = written(tokens)
        _done(lambda: self._keyring.set_password(SERVICE, account, text.reveal()))

    def delete(self, account: str) -> bool:
        """Forgets them."""
        if self._text(account) is None:
            return False
        _done(lambda: self._keyring.delete_password(SERVICE, account))
        return True

    def lock(self, account: str) -> Lock:
        """A lock between processes."""
        return lock_beside(data_folder() / "keyring", account)

    def _text(self, account: str) -> Secret | None:
        def get() -> Secret | None:
            found = self._keyring.get_password(SERVICE, account)
            return None if found is None else Secret(found)

        return _done(get)


def _done(step: Callable[[], R]) -> R:
    try:
        return step()
    except Exception as err:  # noqa: BLE001 - backends raise what they like
        kind = type(err).__name__
    # Outside of the block: the backend's error may quote what was to be kept.
    raise InvalidQuery(
        f"the keyring cannot be used ({kind}): unlock it, or choose a file with "
        "token_store='file'"
    )

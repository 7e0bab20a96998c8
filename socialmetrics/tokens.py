"""A user's OAuth 2 tokens, and where they are kept from one run to the next.

A store keeps the tokens of several accounts by their names. Whoever renews tokens holds
the account's lock from before the refresh token is looked up until its successor is
saved: many servers take a refresh token once, and revoke everything at the second time.
"""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from threading import Lock as ThreadLock
from typing import Final, Literal, Protocol, TypeAlias, runtime_checkable

import attrs
import msgspec
from platformdirs import user_data_path

from socialmetrics.auth import Lock
from socialmetrics.errors import InvalidQuery
from socialmetrics.secret import Secret
from socialmetrics.typed import decoder
from socialmetrics.waiting import LOGGER

WORDS: Final = ("keyring", "file", "memory")
EARLY: Final = 300.0
"""Seconds before its end at which a user's token is renewed, ..."""
SHARE: Final = 10
"""... but never more than this part of its life."""

Use: TypeAlias = Literal["unused", "sent", "refused"]
"""What became of a refresh token; "sent": whether it was taken is not known."""


@attrs.frozen(kw_only=True)
class Tokens:
    """What a user let the app have.

    `expires_at` is the end of the access token, seconds since 1970, and `life` how many
    seconds it had when it was issued; None where the server did not say. `is_rotated`
    tells that a refresh has brought another refresh token. `begun_with` is a digest of
    the tokens in the settings that it all began with, "" after a login without any.
    """

    access_token: Secret | None
    refresh_token: Secret | None = None
    expires_at: float | None = None
    life: float | None = None
    scope: str = ""
    is_rotated: bool = False
    use: Use = "unused"
    begun_with: str = ""

    def left(self, wall: float) -> float:
        """Seconds of its life; `wall` is this machine's clock. Not beyond `life`."""
        if self.expires_at is None:
            return float("inf")
        left = self.expires_at - wall
        return left if self.life is None else min(left, self.life)

    @property
    def early(self) -> float:
        """How many seconds before its end it is renewed."""
        return 0.0 if self.life is None else min(EARLY, self.life / SHARE)


@runtime_checkable
class TokenStore(Protocol):
    """Where tokens are kept. Every method may raise `InvalidQuery`, and shows none."""

    @property
    def place(self) -> str:
        """What people know it by: a path, the keyring's name."""
        ...

    def load(self, account: str) -> Tokens | None:
        """The account's tokens; None where there are none."""
        ...

    def save(self, account: str, tokens: Tokens) -> None:
        """Keeps them, in place of what was there. They last when it returns."""
        ...

    def delete(self, account: str) -> bool:
        """Forgets them. Whether there were any."""
        ...

    def lock(self, account: str) -> Lock:
        """A lock between all that use the store, in other processes too."""
        ...


@attrs.define
class MemoryStore:
    """Keeps tokens as long as the process lives, for its threads and tasks."""

    _tokens: dict[str, Tokens] = attrs.field(
        factory=dict[str, Tokens], init=False, repr=False
    )
    _locks: dict[str, ThreadLock] = attrs.field(
        factory=dict[str, ThreadLock], init=False, repr=False
    )

    @property
    def place(self) -> str:
        """This process."""
        return "the memory of this process"

    def load(self, account: str) -> Tokens | None:
        """The account's tokens."""
        return self._tokens.get(account)

    def save(self, account: str, tokens: Tokens) -> None:
        """Keeps them."""
        self._tokens[account] = tokens

    def delete(self, account: str) -> bool:
        """Forgets them."""
        return self._tokens.pop(account, None) is not None

    def lock(self, account: str) -> Lock:
        """A lock between threads and tasks."""
        return _Held(self._locks.setdefault(account, ThreadLock()))


@attrs.frozen
class _Held:
    """A lock of threads that nobody waits in."""

    _lock: ThreadLock

    def take(self) -> bool:
        return self._lock.acquire(blocking=False)

    def give(self) -> None:
        self._lock.release()


# -- as text ---------------------------------------------------------------------------


@attrs.define
class Record:
    """Tokens as they are written."""

    access_token: str | None = attrs.field(repr=False)
    refresh_token: str | None = attrs.field(default=None, repr=False)
    expires_at: float | None = None
    life: float | None = None
    scope: str = ""
    is_rotated: bool = False
    use: Use = "unused"
    begun_with: str = ""

    @classmethod
    def of(cls, tokens: Tokens) -> Record:
        """The tokens, no longer hidden."""
        values = attrs.asdict(tokens, recurse=False)
        for name in ("access_token", "refresh_token"):
            values[name] = None if values[name] is None else values[name].reveal()
        return cls(**values)

    def tokens(self) -> Tokens:
        """The tokens, hidden."""
        values = attrs.asdict(self)
        for name in ("access_token", "refresh_token"):
            values[name] = None if values[name] is None else Secret(values[name])
        return Tokens(**values)


def written(tokens: Tokens) -> Secret:
    """The tokens as one line of JSON, for stores of text."""
    return Secret(json.dumps(attrs.asdict(Record.of(tokens))))


def read(text: Secret) -> Tokens | None:
    """What `written` made; None for any other text."""
    try:
        return decoder(Record).decode(text.reveal()).tokens()
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return None


def digest(*secrets: Secret | None) -> str:
    """What says whether settings hold other tokens than before, and not which."""
    told = [each.reveal() for each in secrets if each is not None]
    return hashlib.sha256("\0".join(told).encode()).hexdigest()


# -- which one -------------------------------------------------------------------------


def store_of(given: object) -> TokenStore:
    """The store that a setting means: itself, a path, or one of `WORDS`.

    Nothing given: the keyring where there is one, else a file in the user's data
    folder, else memory, which is logged as a warning. Raises `InvalidQuery`.
    """
    if given is None:
        return _usual()
    if isinstance(given, str) and given in WORDS:
        return {"keyring": _keyring, "file": _file, "memory": MemoryStore}[given]()
    if isinstance(given, str | Path):
        return _file(_path(given))
    if isinstance(given, TokenStore):
        return given
    raise InvalidQuery(
        f"token_store, of type {type(given).__name__}, is no store: give a TokenStore, "
        f"a path, or one of {', '.join(WORDS)}"
    )


def data_folder() -> Path:
    """Where the user's programs keep what they need; never the working folder."""
    return user_data_path("socialmetrics").absolute()


def prove(store: TokenStore, account: str) -> None:
    """Raises `InvalidQuery` where tokens cannot be saved, before any are at stake."""
    probe = f"{account} (a trial)"
    store.save(probe, Tokens(access_token=None))
    store.delete(probe)


def _path(given: str | Path) -> Path:
    text = str(given)
    if isinstance(given, str) and not (os.sep in text or "." in text):
        raise InvalidQuery(
            f"token_store={text!r} is neither one of {', '.join(WORDS)} nor a path; "
            f"write a file of that name as {'./' + text!r}"
        )
    return Path(text)


def _keyring() -> TokenStore:
    from socialmetrics.token_keyring import KeyringStore

    return KeyringStore()


def _file(path: Path | None = None) -> TokenStore:
    from socialmetrics.token_file import FileStore

    return FileStore(data_folder() / "tokens.json" if path is None else path)


def _usual() -> TokenStore:
    from socialmetrics.token_keyring import is_recommended

    if is_recommended():
        return _keyring()
    folder = data_folder()
    parent = next(each for each in (folder, *folder.parents) if os.path.lexists(each))
    if parent.is_dir() and os.access(parent, os.W_OK | os.X_OK):
        return _file()
    LOGGER.warning(
        "tokens are kept in memory only, because %s cannot be written: the next run "
        "needs a new login; name a file with token_store=",
        folder,
    )
    return MemoryStore()

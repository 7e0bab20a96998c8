"""Tokens in a file that only its user may read, whole in every case."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Generator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from stat import S_IMODE, S_ISREG
from tempfile import mkstemp
from typing import Final

import attrs
import msgspec
from filelock import FileLock, Timeout

from socialmetrics.auth import Lock
from socialmetrics.errors import InvalidQuery
from socialmetrics.secret import Secret
from socialmetrics.tokens import Record, Tokens
from socialmetrics.typed import decoder

FORMAT: Final = "socialmetrics tokens, version 1"
PRIVATE: Final = 0o600
PRIVATE_FOLDER: Final = 0o700
OTHERS: Final = 0o077
LARGEST: Final = 2**20
"""Bytes; no file of tokens is larger."""
PATIENCE: Final = 5.0
"""Seconds in which somebody else's writing must be over, which takes milliseconds."""
_BEGIN: Final = f'{{\n "format": "{FORMAT[:-1]}'.encode()


@attrs.define
class _Content:
    format: str
    accounts: dict[str, Record] = attrs.field(repr=False)


class FileLocked:
    """A lock between processes: a file beside what it is for, which stays there."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = FileLock(path, mode=PRIVATE, thread_local=False)

    def take(self, seconds: float = 0.0) -> bool:
        """Takes it within so many seconds. Raises `InvalidQuery` where nobody can."""
        try:
            # filelock takes a folder that may not be written for somebody's lock.
            self.path.parent.mkdir(PRIVATE_FOLDER, parents=True, exist_ok=True)
            self.path.touch(PRIVATE)
            self._lock.acquire(timeout=seconds)
        except Timeout:
            return False
        except (OSError, NotImplementedError) as err:
            raise InvalidQuery(
                f"{self.path} cannot be written, so that no token can be kept or "
                f"renewed: {getattr(err, 'strerror', None) or err}; name another file "
                "with token_store="
            ) from err
        return True

    def give(self) -> None:
        """Gives it back."""
        self._lock.release()


def lock_beside(path: Path, account: str) -> FileLocked:
    """The lock of one account of a store."""
    name = hashlib.sha256(account.encode()).hexdigest()[:16]
    return FileLocked(path.with_name(f"{path.name}.{name}.lock"))


class FileStore:
    """Tokens in one JSON file, with mode 0600, for all processes of a user.

    It is written beside and put in place in one step. A file that is torn, foreign or
    that others may read is never read from or written over: `InvalidQuery` says so.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = Path(path).expanduser().absolute()

    def __repr__(self) -> str:
        return f"FileStore({str(self.path)!r})"

    @property
    def place(self) -> str:
        """The path."""
        return str(self.path)

    def load(self, account: str) -> Tokens | None:
        """The account's tokens."""
        found = self._accounts().get(account)
        return None if found is None else found.tokens()

    def save(self, account: str, tokens: Tokens) -> None:
        """Keeps them; they are on the disk when it returns."""
        with self._writing():
            self._replace({**self._accounts(), account: Record.of(tokens)})

    def delete(self, account: str) -> bool:
        """Forgets them."""
        if not os.path.lexists(self.path):
            return False
        with self._writing():
            accounts = self._accounts()
            found = accounts.pop(account, None)
            if found is not None:
                self._replace(accounts)
        return found is not None

    def lock(self, account: str) -> Lock:
        """A lock between processes."""
        return lock_beside(self.path, account)

    @contextmanager
    def _writing(self) -> Generator[None]:
        """One at a time: the tokens of other accounts are in the file, too."""
        lock = FileLocked(self.path.with_name(f"{self.path.name}.lock"))
        if not lock.take(PATIENCE):
            raise self._broken(
                f"is being written by another process for {PATIENCE:g} s; look which "
                f"one holds {lock.path}"
            )
        try:
            yield
        finally:
            lock.give()

    # -- reading -----------------------------------------------------------------------

    def _accounts(self) -> dict[str, Record]:
        found = self._read()
        if isinstance(found, str):
            raise self._broken(found)
        return found

    def _read(self) -> dict[str, Record] | str:
        """What is in it, or what is wrong: as text, for no frame to hold a token."""
        try:
            content = self._bytes()
        except FileNotFoundError:
            return {}
        except OSError as err:
            return f"cannot be read: {err.strerror or err}"
        return content if isinstance(content, str) else _accounts_of(content)

    def _bytes(self) -> Secret | str:
        with open(self.path, "rb") as file:
            about = os.fstat(file.fileno())
            mode = S_IMODE(about.st_mode)
            if not S_ISREG(about.st_mode):
                return "is no file; name one"
            if mode & OTHERS:
                return (
                    f"can be used by others (its mode is {mode:04o}): chmod 600 it, "
                    "and log in again if they may have read it"
                )
            return Secret(file.read(LARGEST + 1).decode("latin-1"))

    # -- writing -----------------------------------------------------------------------

    def _replace(self, accounts: Mapping[str, Record]) -> None:
        told = {name: attrs.asdict(each) for name, each in accounts.items()}
        text = Secret(json.dumps({"format": FORMAT, "accounts": told}, indent=1))
        file = self.path.resolve()  # A link to the file stays one.
        try:
            _put(file, text)
        except OSError as err:
            raise self._broken(
                f"cannot be written: {err.strerror or err}; what was in it is still "
                "there"
            ) from err

    def _broken(self, problem: str) -> InvalidQuery:
        return InvalidQuery(f"the token store {self.path} {problem}")


def _accounts_of(content: Secret) -> dict[str, Record] | str:
    text = content.reveal().encode("latin-1")
    remedy = "remove it and log in again, or name another file with token_store="
    try:
        found = decoder(_Content).decode(text)
        if found.format == FORMAT and len(text) <= LARGEST:
            return found.accounts
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        if text.startswith(_BEGIN) or _BEGIN.startswith(text.strip()):
            return f"is torn: it ends early or was changed by hand; {remedy}"
    return f"holds something else than tokens of this version; {remedy}"


def _put(path: Path, text: Secret) -> None:
    """The text in place of the file, at once and to stay."""
    path.parent.mkdir(PRIVATE_FOLDER, parents=True, exist_ok=True)
    handle, draft = mkstemp(prefix=".socialmetrics-", dir=path.parent)  # of mode 0600
    try:
        with open(handle, "wb") as file:
            file.write(text.reveal().encode())
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(draft)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)

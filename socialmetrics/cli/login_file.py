"""Tokens of owners into the settings file, of which all else stays as it was."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterable, MutableMapping
from pathlib import Path
from typing import Final, TypeAlias, TypeVar

import tomlkit
from platformdirs import user_config_path
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import AbstractTable, AoT, Array, Item, Table

from socialmetrics.errors import InvalidQuery
from socialmetrics.oauth1 import Owner
from socialmetrics.secret import Secret
from socialmetrics.series.files import replacing
from socialmetrics.settings import FILE, config_file

KEY: Final = "owners"
PRIVATE: Final = 0o600
PRIVATE_FOLDER: Final = 0o700
_BETWEEN: Final = re.compile(r"([\s,]+)")
Section: TypeAlias = MutableMapping[str, object]
E = TypeVar("E", bound=AbstractTable)


def place() -> Path:
    """The settings file in force, else the user's own, which need not be there yet.

    Raises `InvalidQuery` where it is plain that nothing can be written there.
    """
    path = config_file() or user_config_path("socialmetrics") / FILE
    folder = next(each for each in path.resolve().parents if os.path.exists(each))
    if not (folder.is_dir() and os.access(folder, os.W_OK | os.X_OK)):
        raise InvalidQuery(
            f"{path} cannot be written, because of {folder}; --print shows the token "
            "instead of storing it"
        )
    return path


def store(path: Path, adapter: str, owner: Owner) -> None:
    """Puts the owner into that adapter's table, in place of the same account's token.

    Afterwards only its user may read the file. Raises `InvalidQuery` where the file
    cannot be read, extended or written; it is whole in every case.
    """
    text = _extended(path, adapter, owner)
    if isinstance(text, str):
        raise InvalidQuery(
            f"{path} cannot be extended: {text}; use --print, and put the token in by "
            "hand"
        )
    file = path.resolve()  # A link to the file stays one.
    try:
        file.parent.mkdir(PRIVATE_FOLDER, parents=True, exist_ok=True)
    except OSError as err:
        raise InvalidQuery(f"{path} cannot be written: {err.strerror}") from err
    with replacing(file) as draft:
        draft.touch(PRIVATE)
        draft.write_bytes(text.reveal().encode())


def _extended(path: Path, adapter: str, owner: Owner) -> Secret | str:
    """The file's new text, which was read back; or, as plain text, what is wrong.

    Not as an error: a parser's may quote a secret of the file.
    """
    try:
        there = path.read_bytes().decode() if os.path.exists(path) else ""
        document = tomlkit.parse(there)
        _put(_section(document, adapter), owner)
        text = tomlkit.dumps(document)
        is_right = tomllib.loads(text) == document.unwrap()
    except OSError as err:
        return err.strerror or "it cannot be read"
    except (ValueError, TypeError, TOMLKitError) as err:
        return f"it is not as expected ({type(err).__name__})"
    return Secret(text) if is_right else "something else in it would change"


def _section(document: tomlkit.TOMLDocument, adapter: str) -> Section:
    """The adapter's table, a new one at the end if there is none."""
    if adapter not in document:
        document.add(adapter, tomlkit.table())
    found: object = document[adapter]
    if not isinstance(found, MutableMapping):
        raise TypeError(adapter)
    return found  # pyright: ignore[reportUnknownVariableType]  # keys of TOML are text


def _put(section: Section, owner: Owner) -> None:
    """Into what is there in its own form: text, a list of texts or tables, tables."""
    there = section.get(KEY)
    if there is None:
        _add(section, owner)
    elif isinstance(there, str):
        section[KEY] = tomlkit.string(_in_text(there, owner), multiline="\n" in there)
    elif isinstance(there, Array | AoT):
        _into_list(there, owner)
    else:
        raise TypeError(KEY)


def _add(section: Section, owner: Owner) -> None:
    body = section.value.body if isinstance(section, Table) else []
    # What follows the last key introduces the next table, mostly: it stays below.
    end = len(body)
    while end and body[end - 1][0] is None:
        end -= 1
    after, body[end:] = body[end:], []
    owners = tomlkit.array().multiline(True)
    owners.append(_fill(tomlkit.inline_table(), owner))  # pyright: ignore[reportUnknownMemberType]  # of any kind
    section[KEY] = owners
    body.extend(after)


def _in_text(text: str, owner: Owner) -> str:
    parts = _BETWEEN.split(text)
    at = _position([part.partition(":")[0] for part in parts], owner)
    if at is None:
        return ",".join(filter(None, (text.rstrip(" \t\r\n,"), _pair(owner))))
    return "".join([*parts[:at], _pair(owner), *parts[at + 1 :]])


def _into_list(owners: Array | AoT, owner: Owner) -> None:
    at = _position(map(_token, owners), owner)
    if at is None:
        owners.append(_another(owners, owner))  # pyright: ignore[reportUnknownMemberType]  # of any kind
    elif isinstance(owners[at], str):
        owners[at] = _pair(owner)
    else:
        _fill(owners[at], owner)


def _another(owners: Array | AoT, owner: Owner) -> Item | str:
    """A new entry, in the form of the last one."""
    if isinstance(owners, AoT):
        return _fill(tomlkit.table(), owner)
    if len(owners) and isinstance(owners[-1], str):
        return _pair(owner)
    return _fill(tomlkit.inline_table(), owner)


# -- one owner -------------------------------------------------------------------------


def _position(tokens: Iterable[str], owner: Owner) -> int | None:
    """Which one is of the owner's account."""
    mine = _account(owner.access_token.reveal())
    return next((i for i, each in enumerate(tokens) if _account(each) == mine), None)


def _account(token: str) -> str:
    """The user id that a token begins with; else the token itself."""
    known = Owner(token, token).user_id if token else None
    return known or token


def _token(entry: object) -> str:
    if isinstance(entry, AbstractTable):
        return str(entry.get("access_token", ""))  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType]  # of any kind
    return str(entry).partition(":")[0]


def _pair(owner: Owner) -> str:
    return f"{owner.access_token.reveal()}:{owner.access_token_secret.reveal()}"


def _fill(entry: E, owner: Owner) -> E:
    entry["access_token"] = owner.access_token.reveal()
    entry["access_token_secret"] = owner.access_token_secret.reveal()
    return entry

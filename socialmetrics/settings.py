"""Where every setting comes from: options, over the environment, over a file.

The file is `socialmetrics.toml` in the working folder, else in the user's config
folder; it has a table for each adapter. Environment variables are called
`SOCIALMETRICS_<ADAPTER>_<NAME>`. What cannot be meant is refused by name.

Environments with different adapters may share a file. So a table of an adapter that
is not installed is ignored, unless it looks like a slip: its name is much like that of
an installed one, or no table of the file belongs to an installed one.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Container, Iterable, Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Final, TypeAlias

import attrs
from platformdirs import user_config_path

from socialmetrics.adapter import Adapter, Credential
from socialmetrics.errors import InvalidQuery
from socialmetrics.installed import installed
from socialmetrics.secret import MASK, Secret

FILE: Final = "socialmetrics.toml"
SLIP: Final = 0.75
"""How alike (1: the same) a table's name is to an adapter's to be taken for a slip."""

Given: TypeAlias = tuple[str, str, object]
"""Origin, name and value."""

COMMON: Final = (
    Credential(name="base_url", meaning="the address of the API"),
    Credential(name="auth_url", meaning="the address of the authorization server"),
    Credential(name="timeout", meaning="seconds for one whole answer"),
    Credential(name="concurrency", meaning="calls under way at a time"),
    Credential(
        name="budget", meaning="(calls, seconds) windows; overrides the vendor's"
    ),
    Credential(
        name="budget_file", meaning="a file that shares the budget by processes"
    ),
    Credential(name="ledger", meaning="the file that remembers what was published"),
    Credential(name="clock", meaning="an instant that is taken for now, to try things"),
    Credential(name="proxy", meaning="the address of an HTTP proxy", is_secret=True),
    Credential(name="strict", meaning="refuse answers with duplicate keys"),
)


@attrs.frozen(kw_only=True)
class Setting:
    """One value and where it came from. A secret shows as `***`."""

    name: str
    value: object = attrs.field(repr=False)
    origin: str
    is_secret: bool

    @property
    def shown(self) -> str:
        """The value for people."""
        return MASK if self.is_secret else str(self.value)


def config_file(folder: Path | None = None) -> Path | None:
    """The settings file in force, or None."""
    places = (folder or Path(), user_config_path("socialmetrics"))
    # `Path.is_file` raises where a folder may not be entered.
    found = next((place for place in places if os.path.isfile(place / FILE)), None)
    return None if found is None else (found / FILE).absolute()


def load(
    adapter: type[Adapter],
    options: Mapping[str, object],
    environment: Mapping[str, str] | None = None,
    file: Path | None = None,
) -> dict[str, Setting]:
    """Every setting of that adapter that is given anywhere, the strongest one each.

    Raises `InvalidQuery` for names that it does not have, in the environment too, for
    a broken file, and for a file with keys outside of a table or with a table that is
    likely a slip.
    """
    known = {each.name: each for each in (*adapter.credentials, *COMMON)}
    found: dict[str, Setting] = {}
    for origin, name, value in (
        *_from_file(file or config_file(), adapter.name),
        *_from_environment(
            os.environ if environment is None else environment, adapter.name, known
        ),
        *(("option", name, value) for name, value in options.items()),
    ):
        if value is not None:
            is_secret = _known(known, name, origin, adapter.name).is_secret
            found[name] = Setting(
                name=name,
                value=_hidden(value) if is_secret else value,
                origin=origin,
                is_secret=is_secret,
            )
    return found


def _from_file(path: Path | None, adapter: str) -> Iterator[Given]:
    if path is not None:
        for name, value in _table(path, adapter).items():
            yield f"file {path}", name, value


def _from_environment(
    environment: Mapping[str, str], adapter: str, known: Container[str]
) -> Iterator[Given]:
    prefix = _prefix(adapter)
    for variable, value in environment.items():
        name = variable.removeprefix(prefix).lower()
        if not value or not variable.startswith(prefix):
            continue
        if name in known or not _is_of_another(variable, adapter):
            yield f"environment {variable}", name, value


def _prefix(adapter: str) -> str:
    return f"SOCIALMETRICS_{adapter}_".upper()


def _is_of_another(variable: str, adapter: str) -> bool:
    """Whether it is of an adapter whose name begins like this one's."""
    longer = (name for name in installed() if len(name) > len(adapter))
    return any(variable.startswith(_prefix(name)) for name in longer)


def secret(given: Mapping[str, object], name: str) -> Secret | None:
    """One of an adapter's settings as a secret. Raises `InvalidQuery` for no text."""
    value = given.get(name)
    if value is None or isinstance(value, Secret):
        return value
    if isinstance(value, str):
        return Secret(value)
    raise InvalidQuery(f"{name} must be text, not {type(value).__name__}")


def _hidden(value: object) -> object:
    return Secret(value) if isinstance(value, str) else value


def _known(
    known: Mapping[str, Credential], name: str, origin: str, adapter: str
) -> Credential:
    if name in known:
        return known[name]
    near = get_close_matches(name, known, 1)
    meant = f"; did you mean {near[0]!r}?" if near else f": it has {', '.join(known)}"
    raise InvalidQuery(f"{origin}: {adapter} has no setting {name!r}{meant}")


def _table(path: Path, adapter: str) -> dict[str, object]:
    try:
        tables: dict[str, object] = tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError, RecursionError) as err:
        raise InvalidQuery(f"the settings file {path} cannot be read: {err}") from err
    _check_tables(path, adapter, tables)
    table: object = tables.get(adapter, {})
    if not isinstance(table, dict):
        raise InvalidQuery(f"{path}: [{adapter}] must be a table of settings")
    return {str(name): value for name, value in table.items()}  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]  # TOML's keys are text


def _check_tables(path: Path, adapter: str, tables: Mapping[str, object]) -> None:
    unknown = tables.keys() - {adapter}
    if not unknown:
        return
    there = {adapter, *installed()}
    for name in sorted(unknown - there):
        if not isinstance(tables[name], dict):
            raise InvalidQuery(
                f"{path}: {name!r} stands outside of every table; write it below a "
                f"line [{adapter}], in the table of the adapter that it is for"
            )
        near = get_close_matches(name.lower(), there, 1, SLIP)
        if near:
            raise InvalidQuery(
                f"{path}: [{name}] is no installed adapter; did you mean [{near[0]}]?"
            )
    if there.isdisjoint(tables):
        raise InvalidQuery(
            f"{path}: no table of it is for an installed adapter: it has "
            f"{_tables(unknown)}, installed are {_tables(there)}. Install the package "
            "of the one that is meant, or rename its table"
        )


def _tables(names: Iterable[str]) -> str:
    return ", ".join(f"[{name}]" for name in sorted(names))

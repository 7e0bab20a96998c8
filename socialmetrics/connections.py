"""Finding adapters and making clients."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Final, TypeAlias

from socialmetrics import installed
from socialmetrics.adapter import Adapter
from socialmetrics.budget import Budget, Limit, Limits, MemoryBudget, limits_of, utc_now
from socialmetrics.budget_file import SqliteBudget
from socialmetrics.client import AsyncClient, Client, Setup
from socialmetrics.errors import InvalidQuery
from socialmetrics.ledger import Ledger
from socialmetrics.origin import is_protected, scheme_and_host
from socialmetrics.retry import Retry
from socialmetrics.secret import Secret
from socialmetrics.settings import COMMON, Setting, load
from socialmetrics.transport import Line
from socialmetrics.window import instant

Clock: TypeAlias = Callable[[], datetime] | datetime | str
TIMEOUT: Final = 60.0
CONCURRENCY: Final = 4
LONGEST: Final = 1e6
"""Seconds; somewhere above begins what the platform can wait at all."""
MOST: Final = 1000
"""Calls under way at a time."""


def adapters() -> tuple[str, ...]:
    """The names of the installed adapters, sorted.

    They are looked for once; what is installed while the process runs may be missing.
    """
    return tuple(sorted(installed.installed()))


def adapter_class(name: str) -> type[Adapter]:
    """The adapter of that name. Raises `InvalidQuery` and lists the installed ones."""
    point = installed.installed(name).get(name)
    if point is None:
        there = ", ".join(adapters()) or "none"
        raise InvalidQuery(f"no adapter is called {name!r}; installed: {there}")
    try:
        found: object = point.load()
    except Exception as err:
        raise InvalidQuery(f"the adapter {name!r} cannot be loaded: {err}") from err
    return _adapter(found, f"the entry point {point.value!r}")


def _adapter(found: object, called: str) -> type[Adapter]:
    if not (isinstance(found, type) and issubclass(found, Adapter)):
        raise InvalidQuery(f"{called} is no Adapter class")
    return found


def connect(
    adapter: str | type[Adapter],
    *,
    clock: Clock | None = None,
    retry: Retry | None = None,
    budget: Budget | Limits | None = None,
    **settings: object,
) -> Client:
    """A blocking client of one vendor account.

    Credentials and settings are keywords, else environment variables, else the
    settings file. `clock` says what "now" is for ages, windows and months: a function,
    or an instant that stands still. Raises `MissingCredential` and `InvalidQuery`;
    sends nothing yet.
    """
    options = {"clock": clock, "budget": budget, **settings}
    return Client(_setup(adapter, retry, options))


def connect_async(
    adapter: str | type[Adapter],
    *,
    clock: Clock | None = None,
    retry: Retry | None = None,
    budget: Budget | Limits | None = None,
    **settings: object,
) -> AsyncClient:
    """As `connect`, for one event loop."""
    options = {"clock": clock, "budget": budget, **settings}
    return AsyncClient(_setup(adapter, retry, options))


def _setup(
    adapter: str | type[Adapter],
    retry: Retry | None,
    options: Mapping[str, object],
) -> Setup:
    if isinstance(adapter, str):
        kind = adapter_class(adapter)
    else:  # An object's own settings would be lost, so it is refused.
        kind = _adapter(adapter, f"what is given, of type {type(adapter).__name__},")
    _check_retry(retry)
    found = load(kind, options)
    common = {each.name for each in COMMON}
    given = {n: each.value for n, each in found.items() if n not in common}
    now = _clock(found)
    made = kind.from_credentials(given)
    concurrency = _whole("concurrency", found, CONCURRENCY)
    base_url = _address("base_url", found, kind.base_url)
    return Setup(
        adapter=made,
        line=Line(
            base_url=base_url,
            auth_url=_address("auth_url", found, kind.auth_url or base_url),
            timeout=_number("timeout", found, TIMEOUT),
            connections=concurrency,
            proxy=_proxy(found),
        ),
        budget=_budget(made, found, now),
        retry=retry or Retry(),
        now=now,
        concurrency=concurrency,
        strict=_flag("strict", found),
        ledger=_ledger(found),
    )


def _ledger(found: Mapping[str, Setting]) -> Ledger:
    given = found["ledger"].value if "ledger" in found else None
    if given is not None and not isinstance(given, str | Path):
        raise InvalidQuery(f"ledger={given!r} is no path of a file")
    return Ledger(given)


def _check_retry(retry: object) -> None:
    if not (retry is None or isinstance(retry, Retry)):
        raise InvalidQuery(f"retry={retry!r} is no Retry; give a socialmetrics.Retry")


def _clock(found: Mapping[str, Setting]) -> Callable[[], datetime]:
    if "clock" not in found:
        return utc_now
    clock = found["clock"].value
    if isinstance(clock, str):
        try:
            clock = datetime.fromisoformat(clock)
        except ValueError as err:
            raise InvalidQuery(
                f"clock={clock!r} is no instant like '2026-03-11T06:00:00+00:00'"
            ) from err
    if isinstance(clock, datetime):
        still = instant("clock", clock)
        return lambda: still
    if not callable(clock):
        raise InvalidQuery(
            f"clock={clock!r} is no function; give one that tells now, or an instant"
        )
    return partial(_told, clock)


def _told(clock: Callable[[], object]) -> datetime:
    return instant("clock()", clock())


def _budget(
    adapter: Adapter, found: Mapping[str, Setting], now: Callable[[], datetime]
) -> Budget:
    given = found["budget"].value if "budget" in found else adapter.own_limits()
    if isinstance(given, Budget):
        return given
    file = found.get("budget_file")
    limits = _limits(given)
    if file is None:
        return MemoryBudget(limits, now=now)
    return SqliteBudget(str(file.value), limits, now=now)


def _limits(given: object) -> tuple[Limit, ...]:
    """(calls, seconds) pairs, or text like "60/60,250000/month"."""
    if isinstance(given, str):
        return tuple(map(_limit, given.split(",")))
    if not isinstance(given, list | tuple):
        raise InvalidQuery(f"budget={given!r} is not a list of (calls, seconds)")
    return limits_of(given)  # pyright: ignore[reportUnknownArgumentType]  # it looks


def _limit(text: str) -> Limit:
    calls, _, seconds = text.strip().partition("/")
    try:
        return Limit(int(calls), "month" if seconds == "month" else float(seconds))
    except ValueError as err:
        raise InvalidQuery(
            f"budget: {text!r} is not calls/seconds, like '60/60' or '250000/month'"
        ) from err


def _number(name: str, found: Mapping[str, Setting], default: float) -> float:
    if name not in found:
        return default
    value = found[name].value
    try:
        number = float(value) if isinstance(value, str | int | float) else -1.0
    except (ValueError, OverflowError):
        number = -1.0
    if isinstance(value, bool) or not 0 < number <= LONGEST:
        raise InvalidQuery(
            f"{name}={value!r} ({found[name].origin}) must be a number above 0, and "
            f"at most {LONGEST:g}"
        )
    return number


def _whole(name: str, found: Mapping[str, Setting], default: int) -> int:
    number = _number(name, found, default)
    if number != int(number) or number > MOST:
        raise InvalidQuery(f"{name}={number:g} must be a whole number up to {MOST}")
    return int(number)


def _flag(name: str, found: Mapping[str, Setting]) -> bool:
    value = found[name].value if name in found else False
    words = {"true": True, "1": True, "yes": True, "false": False, "0": False}
    words |= {"no": False}
    flag = words.get(str(value).lower())
    if flag is None:
        raise InvalidQuery(f"{name}={value!r} must be true or false")
    return flag


def _text(name: str, found: Mapping[str, Setting]) -> str | None:
    if name not in found:
        return None
    value = found[name].value
    text = value.reveal() if isinstance(value, Secret) else value
    if not isinstance(text, str):
        raise InvalidQuery(f"{name} ({found[name].origin}) must be text")
    return text


def _address(name: str, found: Mapping[str, Setting], default: str) -> str:
    """A base address: https, or http on this machine; no credentials, no query."""
    given = _text(name, found)
    text = (default if given is None else given).rstrip("/")
    if any(sign in text for sign in "@?#"):
        raise InvalidQuery(f"{name} must not hold credentials, a query or a fragment")
    scheme, host = scheme_and_host(text)
    if not host:
        raise InvalidQuery(f"{name}={text!r} is no address like 'https://host'")
    if is_protected(scheme, host):
        return text
    raise InvalidQuery(
        f"{name}={text!r} would send credentials unprotected; use https (plain http "
        "only reaches this machine)"
    )


def _proxy(found: Mapping[str, Setting]) -> str | None:
    text = _text("proxy", found)
    if text is None:
        return None
    scheme, host = scheme_and_host(text)
    if scheme not in {"http", "https"} or not host:
        raise InvalidQuery("proxy must be an address like 'http://proxy.example:3128'")
    return text

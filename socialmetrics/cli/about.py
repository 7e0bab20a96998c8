"""`adapters`, `capabilities` and `config`: what is there, without asking a vendor."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, groupby
from typing import Annotated, Final

import attrs
from cyclopts import Parameter
from rich.text import Text

from socialmetrics.adapter import Adapter, Credential, MetricCapability
from socialmetrics.budget import Limit
from socialmetrics.cli.exits import OK, Usage
from socialmetrics.cli.options import (
    ACCESS,
    EVERYWHERE,
    FORM,
    Access,
    AdapterName,
    Common,
    Form,
)
from socialmetrics.cli.output import write
from socialmetrics.cli.records import Columns, Record, flat
from socialmetrics.cli.tables import console, show_lean
from socialmetrics.connections import CONCURRENCY, TIMEOUT, adapter_class
from socialmetrics.errors import InvalidQuery
from socialmetrics.installed import installed
from socialmetrics.settings import COMMON, FILE, Setting, config_file, load
from socialmetrics.strangers import plain

ADAPTER: Final[Columns] = {
    "name": "text",
    "title": "text",
    "version": "text",
    "setting": "text",
    "environment": "text",
    "meaning": "text",
}
OPERATION: Final[Columns] = {
    "operation": "text",
    "supported": "flag",
    "detail": "text",
    "alternatives": "text",
}
METRIC: Final[Columns] = {
    "metric": "text",
    "network": "text",
    "level": "text",
    "name": "text",
    "detail": "text",
}
SETTING: Final[Columns] = {
    "adapter": "text",
    "setting": "text",
    "value": "text",
    "origin": "text",
    "meaning": "text",
}
PROSE: Final = frozenset(
    {"metric", "name", "value", "detail", "alternatives", "meaning"}
)
EVERY: Final = "*"
"""The network of metrics that are not of one network, as of a listening topic."""
_LOGIN: Final = re.compile(r"//[^/@\s]*@")


def adapters(
    adapter: Annotated[
        str | None,
        Parameter(help="One of them, with every setting; all when it is left out."),
    ] = None,
    /,
    *,
    form: Form = FORM,
    common: Common = EVERYWHERE,
) -> int:
    """Prints the installed adapters."""
    del common
    if adapter is not None:
        adapter_class(adapter)  # which says what is wrong with it
    more = () if adapter is None else COMMON
    names = sorted(installed()) if adapter is None else (adapter,)
    found = {name: [*_adapter(name, more)] for name in names}
    if form.kind != "table":
        write(chain.from_iterable(found.values()), ADAPTER, form.kind)
        return OK
    for rows in found.values():
        _show_adapter(rows)
    if adapter is None:
        told = "\nevery setting of one: socialmetrics adapters ADAPTER"
        console().print(Text(told, style="italic"), soft_wrap=True)
    return OK


def capabilities(
    adapter: AdapterName,
    /,
    *,
    network: Annotated[
        str | None,
        Parameter(show_default=False, help="The metrics of this network only."),
    ] = None,
    metrics: Annotated[
        bool,
        Parameter(negative=(), show_default=False, help="The metrics as well."),
    ] = False,
    form: Form = FORM,
    common: Common = EVERYWHERE,
) -> int:
    """Prints what a vendor can do."""
    del common
    found = adapter_class(adapter).capabilities()
    counted = [attrs.asdict(each) for each in _of_network(found.metrics, network)]
    operations = [attrs.asdict(each) for each in found.operations]
    with_metrics = metrics or network is not None
    if form.kind != "table":
        chosen = (counted, METRIC) if with_metrics else (operations, OPERATION)
        write(*chosen, form.kind)
        return OK
    _print(f"What {adapter} can do", OPERATION, operations)
    if with_metrics:
        _show_metrics(adapter, counted)
    return OK


def config(
    adapter: Annotated[
        str | None, Parameter(help="An installed adapter; all when it is left out.")
    ] = None,
    /,
    *,
    form: Form = FORM,
    access: Access = ACCESS,
) -> int:
    """Prints every setting and where it came from."""
    names = sorted(installed()) if adapter is None else (adapter,)
    given = access.given()
    found = {name: [*_settings(adapter_class(name), given)] for name in names}
    if form.kind != "table":
        write(chain.from_iterable(found.values()), SETTING, form.kind)
        return OK
    told = config_file() or f"none: there is no {FILE}"
    console().print(f"settings file: {told}", soft_wrap=True)
    for name, rows in found.items():
        variables = f"SOCIALMETRICS_{name.upper()}_<SETTING IN CAPITALS>"
        console().print(f"environment of {name}: {variables}", soft_wrap=True)
        # Both were just told in full; a table has no room to say it on each line.
        short = [{**row, "origin": _origin(str(row["origin"]))} for row in rows]
        shown: Columns = {n: SETTING[n] for n in SETTING if n != "adapter"}
        _print(f"Settings of {name}", shown, short)
    return OK


def _print(title: str, columns: Columns, records: Sequence[Record]) -> None:
    rows = [[flat(record[name]) for name in columns] for record in records]
    show_lean(console(), title, list(columns), rows, wrap=PROSE)


def _show_adapter(records: Sequence[Record]) -> None:
    first = records[0]
    title = f": {first['title']}" if first["title"] else ""
    head = f"{first['name']}{title}, version {first['version']}"
    if first["setting"] is None:
        console().print(Text(f"\n{plain(head)}", style="bold"), soft_wrap=True)
        console().print(Text(plain(f"{first['meaning']}")), soft_wrap=True)
        return
    shown: Columns = {n: ADAPTER[n] for n in ("setting", "environment", "meaning")}
    _print(head, shown, records)


def _show_metrics(adapter: str, metrics: Sequence[Record]) -> None:
    """A table for each network and level, which come together."""
    shown: Columns = {n: METRIC[n] for n in ("metric", "name", "detail")}
    for place, group in groupby(
        metrics, key=lambda one: (one["network"], one["level"])
    ):
        where, level = place
        of = "every network" if where == EVERY else where
        _print(f"What {adapter} counts: {of}, by {level}", shown, [*group])


def _adapter(name: str, more: Iterable[Credential]) -> Iterator[Record]:
    """A line for each credential and for each of `more`. An adapter that does not load
    says why, and one without credentials that it takes none."""
    point = installed(name)[name]
    version = point.dist.version if point.dist else None
    head = {"name": name, "title": None, "version": version}
    blank = {"setting": None, "environment": None}
    try:
        kind = adapter_class(name)
    except InvalidQuery as err:
        yield {**head, **blank, "meaning": err.message}
        return
    known = (*kind.credentials, *more)
    head = {**head, "title": kind.title}
    if not known:
        yield {**head, **blank, "meaning": "it takes no credentials"}
    for each in known:
        yield {
            **head,
            "setting": each.name,
            "environment": f"SOCIALMETRICS_{kind.name}_{each.name}".upper(),
            "meaning": each.meaning,
        }


def _of_network(
    metrics: tuple[MetricCapability, ...], network: str | None
) -> list[MetricCapability]:
    known = sorted({each.network for each in metrics} - {EVERY})
    if network is not None and network not in known:
        there = ", ".join(known) or "none"
        raise Usage(
            f"--network {network}: nothing is counted there; there are: {there}"
        )
    return [each for each in metrics if network in (None, each.network)]


def _settings(kind: type[Adapter], given: dict[str, object]) -> Iterator[Record]:
    found = load(kind, given)
    defaults = _defaults(kind, found)
    for known in (*kind.credentials, *COMMON):
        setting, default = found.get(known.name), defaults.get(known.name)
        origin = "not set" if default is None else "default"
        yield {
            "adapter": kind.name,
            "setting": known.name,
            "value": default if setting is None else _shown(setting),
            "origin": origin if setting is None else setting.origin,
            "meaning": known.meaning,
        }


def _defaults(
    kind: type[Adapter], found: Mapping[str, Setting]
) -> Mapping[str, str | None]:
    """What holds where nothing is set, written as it would be set."""
    address: str | None = getattr(kind, "base_url", None)
    given = found.get("base_url")
    windows = (f"{x.calls}/{_span(x)}" for x in kind.limits)
    return {
        "base_url": address,
        "auth_url": kind.auth_url or (_shown(given) if given else address),
        "timeout": f"{TIMEOUT:g}",
        "concurrency": str(CONCURRENCY),
        "budget": ",".join(windows) or None,
        "strict": "false",
    }


def _span(limit: Limit) -> str:
    return limit.seconds if isinstance(limit.seconds, str) else f"{limit.seconds:g}"


def _origin(told: str) -> str:
    return told if told == "not set" else told.split(maxsplit=1)[0]


def _shown(setting: Setting) -> str:
    return _LOGIN.sub("//***@", setting.shown)

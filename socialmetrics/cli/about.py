"""`adapters`, `capabilities` and `config`: what is there, without asking a vendor."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.metadata import entry_points
from typing import Annotated, Final

import attrs
from cyclopts import Parameter

from socialmetrics.adapter import Adapter, Capability, MetricCapability
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
from socialmetrics.cli.records import Cell, Columns, Record
from socialmetrics.cli.tables import console, show
from socialmetrics.connect import GROUP, adapter_class
from socialmetrics.connect import adapters as installed
from socialmetrics.errors import InvalidQuery
from socialmetrics.settings import COMMON, FILE, Setting, config_file, load

ADAPTER: Final[Columns] = {
    "name": "text",
    "title": "text",
    "version": "text",
    "credentials": "text",
    "environment": "text",
    "problem": "text",
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
_LOGIN: Final = re.compile(r"//[^/@\s]*@")


def adapters(*, form: Form = FORM, common: Common = EVERYWHERE) -> int:
    """Prints the installed adapters."""
    del common
    records = [_adapter(name) for name in installed()]
    if form.kind != "table":
        write(records, ADAPTER, form.kind)
        return OK
    shown = [[_listed(record[name]) for name in ADAPTER] for record in records]
    heads = list(ADAPTER)
    if not any(record["problem"] for record in records):
        heads, shown = heads[:-1], [row[:-1] for row in shown]
    show(console(), "Installed adapters", heads, shown)
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
    shown = _of_network(found.metrics, network)
    operations = list(map(_operation, found.operations))
    counted = list(map(_metric, shown)) if metrics or network else []
    if form.kind == "table":
        _tables(adapter, operations, counted)
    elif counted:
        write(counted, METRIC, form.kind)
    else:
        write(operations, OPERATION, form.kind)
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
    names = installed() if adapter is None else (adapter,)
    given = access.given()
    kinds = [adapter_class(name) for name in names]
    records = [record for kind in kinds for record in _settings(kind, given)]
    if form.kind != "table":
        write(records, SETTING, form.kind)
        return OK
    file = config_file()
    screen = console()
    screen.print(
        f"settings file: {file or f'none ({FILE} is not there)'}", soft_wrap=True
    )
    rows = [[record[name] for name in SETTING] for record in records]
    show(screen, "Settings", list(SETTING), rows)
    return OK


def _adapter(name: str) -> Record:
    [point] = entry_points(group=GROUP, name=name)
    head = {"name": name, "version": point.dist.version if point.dist else None}
    try:
        kind = adapter_class(name)
    except InvalidQuery as err:
        blank = {"title": None, "credentials": (), "environment": ()}
        return {**head, **blank, "problem": err.message}
    names = [each.name for each in kind.credentials]
    return {
        **head,
        "title": kind.title,
        "credentials": tuple(names),
        "environment": tuple(_variable(kind, each) for each in names),
        "problem": None,
    }


def _variable(kind: type[Adapter], name: str) -> str:
    return f"SOCIALMETRICS_{kind.name.upper()}_{name.upper()}"


def _listed(cell: Cell) -> object:
    return ", ".join(cell) if isinstance(cell, tuple) else cell


def _of_network(
    metrics: tuple[MetricCapability, ...], network: str | None
) -> list[MetricCapability]:
    known = sorted({each.network for each in metrics})
    if network is not None and network not in known:
        there = ", ".join(known) or "none"
        raise Usage(
            f"--network {network}: nothing is counted there; there are: {there}"
        )
    return [each for each in metrics if network in (None, each.network)]


def _operation(one: Capability) -> Record:
    return {
        "operation": one.operation,
        "supported": one.supported,
        "detail": one.detail,
        "alternatives": one.alternatives,
    }


def _metric(one: MetricCapability) -> Record:
    return attrs.asdict(one)


def _tables(adapter: str, operations: list[Record], counted: list[Record]) -> None:
    screen = console()
    rows = [[record[name] for name in OPERATION][:3] for record in operations]
    show(screen, f"What {adapter} can do", list(OPERATION)[:3], rows)
    if counted:
        rows = [[record[name] for name in METRIC] for record in counted]
        show(screen, f"What {adapter} counts", list(METRIC), rows)


def _settings(kind: type[Adapter], given: dict[str, object]) -> Iterator[Record]:
    found = load(kind, given)
    for known in (*kind.credentials, *COMMON):
        setting = found.get(known.name)
        yield {
            "adapter": kind.name,
            "setting": known.name,
            "value": None if setting is None else _shown(setting),
            "origin": "not set" if setting is None else setting.origin,
            "meaning": known.meaning,
        }


def _shown(setting: Setting) -> str:
    return _LOGIN.sub("//***@", setting.shown)

"""`adapters`, `capabilities` and `config`: what is there, without asking a vendor."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from importlib.metadata import entry_points
from itertools import chain
from typing import Annotated, Final

import attrs
from cyclopts import Parameter

from socialmetrics.adapter import Adapter, MetricCapability
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
from socialmetrics.cli.tables import console, show
from socialmetrics.connections import GROUP, adapter_class
from socialmetrics.connections import adapters as installed
from socialmetrics.errors import InvalidQuery
from socialmetrics.settings import COMMON, FILE, Setting, config_file, load

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
_LOGIN: Final = re.compile(r"//[^/@\s]*@")


def adapters(*, form: Form = FORM, common: Common = EVERYWHERE) -> int:
    """Prints the installed adapters."""
    del common
    _print("Installed adapters", ADAPTER, [*chain(*map(_adapter, installed()))], form)
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
    if form.kind == "table" or not with_metrics:
        _print(f"What {adapter} can do", OPERATION, operations, form)
    if with_metrics:
        _print(f"What {adapter} counts", METRIC, counted, form)
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
    if form.kind == "table":
        told = config_file() or f"none: there is no {FILE}"
        console().print(f"settings file: {told}", soft_wrap=True)
        # What they mean is in `adapters`; where they come from is what is asked here.
        shown: Columns = {n: SETTING[n] for n in SETTING if n != "meaning"}
        _print("Settings", shown, records, form)
        return OK
    _print("Settings", SETTING, records, form)
    return OK


def _print(title: str, columns: Columns, records: Sequence[Record], form: Form) -> None:
    if form.kind != "table":
        write(records, columns, form.kind)
        return
    rows = [[flat(record[name]) for name in columns] for record in records]
    show(console(), title, list(columns), rows)


def _adapter(name: str) -> Iterator[Record]:
    """A line for each credential. An adapter that does not load says why."""
    *_, point = entry_points(group=GROUP, name=name)
    head = {"name": name, "version": point.dist.version if point.dist else None}
    try:
        kind = adapter_class(name)
    except InvalidQuery as err:
        blank = {"title": None, "setting": None, "environment": None}
        yield {**head, **blank, "meaning": err.message}
        return
    for each in kind.credentials:
        yield {
            **head,
            "title": kind.title,
            "setting": each.name,
            "environment": f"SOCIALMETRICS_{kind.name}_{each.name}".upper(),
            "meaning": each.meaning,
        }


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

"""What `compare` sets side by side: adapters, exports of tools, files of figures."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import attrs
from cyclopts import Parameter

from socialmetrics.cli.exits import Usage
from socialmetrics.cli.options import setting
from socialmetrics.errors import InvalidQuery

if TYPE_CHECKING:
    from socialmetrics.client import Client
    from socialmetrics.series import MetricSeries

EXPORTS: Final = (".csv", ".xlsx")
SERIES: Final = (".parquet", ".json")
_MANY: Final = Parameter(negative=(), show_default=False)
_ONE: Final = Parameter(show_default=False)
_OWNED: Final = re.compile(r"([a-z][a-z0-9_]*)\.(.*)", re.DOTALL)
_KINDS: Final = (
    "An installed adapter, or a file: a report that a tool exported (.csv, .xlsx), or "
    "figures that `metrics --out` wrote (.parquet, .json)."
)
_MAPPING: Final = "The mapping of {}: a TOML file that says what its columns mean."


@attrs.frozen(kw_only=True)
class Source:
    """One side: an adapter with its settings, or a file.

    `place` is how options call it ("left", "right", "and", "and2"), `name` how the
    comparison does.
    """

    place: str
    given: str
    mapping: Path | None = None
    settings: Mapping[str, object] = attrs.field(factory=dict[str, object])
    name: str = ""

    @property
    def option(self) -> str:
        """How it was given."""
        return f"--{self.place.rstrip('0123456789')} {self.given}"

    @property
    def is_file(self) -> bool:
        """Whether it is a file; no adapter has a dot or a slash in its name."""
        return not self.given.isidentifier()

    @cached_property
    def title(self) -> str:
        """The tool's title, or the file's name."""
        if self.is_file:
            return Path(self.given).name
        from socialmetrics.connections import adapter_class

        try:
            return adapter_class(self.given).title
        except InvalidQuery as err:
            raise Usage(f"{self.option}: {err.message}") from err

    def connect(self) -> Client:
        """A client of the adapter."""
        from socialmetrics.connections import connect

        given: dict[str, Any] = dict(self.settings)
        return connect(self.given, **given)

    def check(self) -> None:
        """Raises `Usage` for what cannot be one."""
        suffix = Path(self.given).suffix.lower()
        mapping = f"--{self.place.rstrip('0123456789')}-mapping"
        if not self.is_file:
            if self.mapping is not None:
                raise Usage(f"{mapping} is for exports, and {self.option} is none")
            return
        if self.settings:
            raise Usage(f"--set {self.place}: {self.option} is a file without settings")
        if suffix not in (*EXPORTS, *SERIES):
            endings = ", ".join((*EXPORTS, *SERIES))
            raise Usage(f"{self.option}: a file must end in one of {endings}")
        if (suffix in EXPORTS) != (self.mapping is not None):
            raise Usage(
                f"{self.option}: say what its columns mean, with {mapping} map.toml"
                if self.mapping is None
                else f"{mapping}: {self.option} says itself what it has"
            )

    def read(self) -> MetricSeries:
        """The figures of the file. Raises `InvalidQuery` where they cannot be read."""
        from socialmetrics.exports import read_export
        from socialmetrics.series import MetricSeries

        path = Path(self.given)
        if self.mapping is not None:
            return read_export(path, self.mapping).series
        if path.suffix.lower() == ".parquet":
            return MetricSeries.from_parquet(path)
        try:
            return MetricSeries.from_json(path.read_text("utf-8"))
        except (OSError, UnicodeDecodeError) as err:
            raise InvalidQuery(f"{path} cannot be read: {err}") from err
        except InvalidQuery as err:
            raise InvalidQuery(f"{path}: {err.message}") from err


@Parameter(name="*")
@attrs.frozen(kw_only=True)
class Sides:
    """Who is compared."""

    left: Annotated[str, Parameter(name="--left", help=_KINDS)]
    right: Annotated[
        str, Parameter(name="--right", help="The other one: an adapter or a file.")
    ]
    more: Annotated[
        tuple[str, ...],
        _MANY,
        Parameter(name="--and", help="One more of them; repeat it for others."),
    ] = ()
    left_mapping: Annotated[
        Path | None,
        _ONE,
        Parameter(name="--left-mapping", help=_MAPPING.format("--left report.csv")),
    ] = None
    right_mapping: Annotated[
        Path | None,
        _ONE,
        Parameter(name="--right-mapping", help=_MAPPING.format("--right report.csv")),
    ] = None
    more_mappings: Annotated[
        tuple[Path, ...],
        _MANY,
        Parameter(
            name="--and-mapping",
            help="The same for exports that --and names, in their order.",
        ),
    ] = ()
    settings: Annotated[
        tuple[str, ...],
        _MANY,
        Parameter(
            name="--set",
            help="left.NAME=VALUE, right.NAME=VALUE, and.NAME=VALUE (the next ones are "
            "and2, and3, ...) or ADAPTER.NAME=VALUE: a setting of that side, stronger "
            "than the environment and the file. Other users of this machine can see "
            "it: better keep secrets in the environment.",
        ),
    ] = ()

    def sources(self) -> tuple[Source, ...]:
        """The sides in order, checked as far as it can be without asking anybody."""
        found = self._given()
        given = _settings(self.settings, found)
        found = [attrs.evolve(each, settings=given[each.place]) for each in found]
        for each in found:
            each.check()
        _check_different(found)
        titles = Counter(each.title for each in found)
        return tuple(
            attrs.evolve(each, name=_name(each, titles[each.title])) for each in found
        )

    def _given(self) -> list[Source]:
        mappings = iter(self.more_mappings)
        found = [
            Source(place="left", given=self.left, mapping=self.left_mapping),
            Source(place="right", given=self.right, mapping=self.right_mapping),
        ]
        for number, given in enumerate(self.more, 1):
            is_export = Path(given).suffix.lower() in EXPORTS
            mapping = next(mappings, None) if is_export else None
            place = "and" if number == 1 else f"and{number}"
            found.append(Source(place=place, given=given, mapping=mapping))
        for left in mappings:
            raise Usage(f"--and-mapping {left}: there is no export by --and for it")
        return found


def _settings(
    texts: Sequence[str], sources: Sequence[Source]
) -> dict[str, dict[str, object]]:
    """The settings of every place; those by place are stronger than by adapter."""
    found: dict[str, dict[str, object]] = {each.place: {} for each in sources}
    for is_by_place in (False, True):
        for owner, text in map(_owned, texts):
            if (owner in found) == is_by_place:
                name, value = setting(text)
                for place in _places(owner, sources):
                    found[place][name] = value
    return found


def _owned(text: str) -> tuple[str, str]:
    """Whose setting it is, and the setting. Its value is never repeated."""
    found = _OWNED.match(text)
    if found is None or "=" in found[1]:
        raise Usage(
            "--set takes left.NAME=VALUE, right.NAME=VALUE or ADAPTER.NAME=VALUE here, "
            "for example --set left.timeout=20"
        )
    return found[1], found[2]


def _places(owner: str, sources: Sequence[Source]) -> list[str]:
    meant = [each.place for each in sources if owner in (each.place, each.given)]
    if not meant:
        there = dict.fromkeys(
            name
            for each in sources
            for name in (each.place, "" if each.is_file else each.given)
        )
        known = ", ".join(name for name in there if name)
        raise Usage(f"--set {owner}.NAME: no side is called so; there are {known}")
    return meant


def _check_different(sources: Sequence[Source]) -> None:
    for number, one in enumerate(sources):
        for other in sources[number + 1 :]:
            if (one.given, one.mapping) == (other.given, other.mapping) and (
                one.settings == other.settings
            ):
                instead = (
                    "compare it with another one"
                    if one.is_file
                    else f"give one of them settings of its own: --set {other.place}."
                    "NAME=VALUE"
                )
                raise Usage(f"{one.option} and {other.option} are the same; {instead}")


def _name(source: Source, alike: int) -> str:
    return f"{source.title} ({source.place})" if alike > 1 else source.title

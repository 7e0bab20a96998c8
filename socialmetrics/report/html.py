"""The report as one HTML page that needs nothing beside itself."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Final

from socialmetrics import ontology
from socialmetrics.errors import InvalidQuery
from socialmetrics.report import sections, split, verdicts, words
from socialmetrics.report.compared import Compared
from socialmetrics.report.drawing import absent
from socialmetrics.report.view import GROUPS, OPEN, heading, view
from socialmetrics.series.files import replacing
from socialmetrics.strangers import plain

if TYPE_CHECKING:
    from jinja2 import Environment

_WORDS: Final[Mapping[str, ModuleType]] = {
    "ontology": ontology,
    "sections": sections,
    "split": split,
    "verdicts": verdicts,
    "words": words,
}
"""What the templates ask for words."""


def write(
    compared: Compared, path: str | os.PathLike[str], *, title: str | None = None
) -> None:
    """Writes the page of `page` to a file, whole or not at all. Raises `InvalidQuery`
    where the file cannot be written, or the extra "report" is not installed."""
    place = _place(path)
    content = page(compared, title=title)
    with replacing(place) as draft:
        draft.write_text(content, "utf-8")


def _place(path: str | os.PathLike[str]) -> Path:
    try:
        place = Path(path)
    except TypeError as err:
        raise InvalidQuery(f"path={path!r} is not the path of a file") from err
    if not os.fspath(path):
        raise InvalidQuery(f"path={path!r} is empty; name the file to write")
    if "\0" in str(place):
        raise InvalidQuery(f"path={path!r} has a character that no path has")
    return place


def page(compared: Compared, *, title: str | None = None) -> str:
    """The comparison as an HTML page: verdicts in words, figures, gaps and their
    causes, daily lines, coverage, and where everything came from.

    It has no script and fetches nothing. Of large comparisons it shows the first rows,
    and says how many more there are. `title` takes the place of the subjects' names.
    Raises `InvalidQuery` where the extra "report" is not installed.
    """
    template = _environment().get_template("page.html", globals=dict(_WORDS))
    shown = view(compared)
    name = plain(title or "") or heading(compared, shown.table)
    return template.render(
        view=shown, compared=compared, title=name, GROUPS=GROUPS, OPEN=OPEN
    )


@cache
def _environment() -> Environment:
    """The templates, with the words that they use."""
    try:
        from jinja2 import DictLoader, Environment, StrictUndefined
        from markupsafe import Markup
    except ImportError as err:
        raise absent() from err

    def tidy(value: object) -> object:
        """Any text of strangers on one line; what is made here stays as it is."""
        if not isinstance(value, str) or isinstance(value, Markup):
            return value
        is_tidy = value.isascii() and value.isprintable()  # Nearly always, and quick.
        return value if is_tidy else plain(value)

    return Environment(
        loader=DictLoader(_templates()),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=tidy,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _templates() -> dict[str, str]:
    """The templates and the style, by name."""
    there = files("socialmetrics.report").joinpath("templates").iterdir()
    return {each.name: each.read_text("utf-8") for each in there}

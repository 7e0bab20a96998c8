"""Charts as pictures in the page: drawn once, coloured and lettered by its style."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from socialmetrics.errors import InvalidQuery
from socialmetrics.report.daily import Spec
from socialmetrics.strangers import plain

if TYPE_CHECKING:
    from markupsafe import Markup

# Letters have no size in a specification: measuring them takes most of the time of
# drawing, and the style of the page makes them larger where the picture is small.
_STYLE: Final[Spec] = {
    "autosize": "none",
    "background": None,
    "config": {
        "axis": {
            "labelFontSize": 0,
            "labelOverlap": False,
            "labelBound": False,
            "labelFlush": False,
            "labelPadding": 9,
            "tickColor": "var(--line)",
            "tickOffset": 0,
            "domainColor": "var(--soft)",
            "gridColor": "var(--line)",
        }
    },
}
_SVG: Final = re.compile(r"<svg[^>]*viewBox=(\"[^\"]*\")[^>]*>")
_TAG: Final = re.compile(r"<[^>]*>")
_IDLE: Final = re.compile(
    r' (?:aria-[a-z]+|role|font-family|opacity|pointer-events)="[^"]*"'
)


def drawn(spec: Spec, *, title: str, text: str, anchor: str) -> Markup:
    """The chart as an SVG element with that title and description; `anchor` is the
    beginning of their ids. Raises `InvalidQuery` where the extra is not installed."""
    try:
        import vl_convert
        from markupsafe import Markup
    except ImportError as err:
        raise absent() from err
    picture = vl_convert.vega_to_svg(_STYLE | spec, allowed_base_urls=[])
    size, content = _cut(picture)
    head = Markup(
        '<svg class="chart" viewBox={size} role="img" '
        'aria-labelledby="{anchor}-title {anchor}-text">'
        '<title id="{anchor}-title">{title}</title>'
        '<desc id="{anchor}-text">{text}</desc>'
    ).format(
        size=Markup(size),  # noqa: S704 - of the picture, drawn from numbers
        anchor=anchor,
        title=plain(title),
        text=plain(text),
    )
    return head + Markup(content)  # noqa: S704 - drawn, its words are escaped there


def _cut(picture: str) -> tuple[str, str]:
    """The size of a picture, and what is in it, without what the page says better."""
    opening = _SVG.match(picture)
    assert opening is not None  # noqa: S101 - every picture has one
    content = picture[opening.end() :]
    return opening[1], _TAG.sub(lambda tag: _IDLE.sub("", tag[0]), content)


def absent() -> InvalidQuery:
    """What to install."""
    return InvalidQuery(
        "an HTML report needs jinja2 and vl-convert-python: "
        "pip install 'socialmetrics[report]'"
    )

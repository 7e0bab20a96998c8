from __future__ import annotations

from datetime import date

import attrs
import pytest

from socialmetrics.comparison.bounds import bound, never_falls, of_parts
from socialmetrics.comparison.rulefile import read
from socialmetrics.comparison.rules import orders
from socialmetrics.reading import Reading
from tests.comparison.rulings import ORDER, WEEK, lifetime, reading

TOTAL = {"scope": "total"}
SUM = "likes + comments + reposts"


@pytest.mark.parametrize(
    ("lesser", "greater", "order", "severity"),
    [
        (reading("reposts"), reading("shares"), "reposts-in-shares", "fault"),
        (
            reading("reach", counting="unique", unit="person"),
            reading("impressions"),
            "reach-in-impressions",
            "fault",
        ),
        (
            reading("quotes"),
            reading("shares", composition="not documented"),
            "part-quotes-of-shares",
            "warning",
        ),
        (
            reading("link_clicks"),
            reading("clicks"),
            "part-link-clicks-of-clicks",
            "fault",
        ),
        (
            reading("link_clicks"),
            reading("clicks", **TOTAL),
            "part-link-clicks-of-clicks",
            "fault",
        ),
        (
            reading("impressions"),
            reading("impressions", vendor="other", **TOTAL),
            "organic-in-total",
            "fault",
        ),
        (
            reading("impressions", scope="paid"),
            reading("impressions", **TOTAL),
            "paid-in-total",
            "fault",
        ),
        (
            reading("toys", name="a"),
            reading("toys", name="b", composition="", **TOTAL),
            None,
            None,
        ),
        (
            reading("toys", composition="likes"),
            reading("toys", composition="likes", **TOTAL),
            "organic-in-total",
            "fault",
        ),
        (
            reading("toys", composition="likes", unit="ratio"),
            reading("toys", composition="likes", unit="ratio", **TOTAL),
            None,
            None,
        ),
        (reading("link_ctr"), reading("link_ctr", **TOTAL), None, None),
        (
            reading("likes", counting="unique"),
            reading("likes"),
            "people-in-events",
            "fault",
        ),
        (
            reading("video_p75"),
            reading("video_p25"),
            "part-video-p75-of-video-p25",
            "fault",
        ),
        (
            reading("followers_net", net=True),
            reading("followers_gained"),
            "net-followers-in-gained",
            "fault",
        ),
        (
            reading("likes"),
            reading("engagements.public", composition=SUM),
            "part-likes-of-engagements-public",
            "fault",
        ),
        (
            reading("quotes"),
            reading("engagements.public", composition=SUM),
            None,
            None,
        ),
        (
            reading("reactions"),
            reading("engagements.public", composition=SUM),
            None,
            None,
        ),
        (
            reading("likes"),
            reading("engagements.public", composition="reactions + comments + shares"),
            "part-likes-of-engagements-public",
            "fault",
        ),
        (
            reading("likes"),
            reading("engagements.vendor", composition="opaque"),
            "part-likes-of-engagements-vendor",
            "warning",
        ),
        (
            reading("comments", composition="comments + story_replies"),
            reading("engagements.vendor", composition="comments + likes"),
            None,
            None,
        ),
        (
            reading("comments", composition="comments and others"),
            reading("engagements.vendor", composition="comments + likes"),
            None,
            None,
        ),
        (
            reading("quotes"),
            reading("shares", composition="reposts"),
            None,
            None,
        ),
        (
            reading("quotes"),
            reading("shares", composition="reposts + quotes"),
            "part-quotes-of-shares",
            "fault",
        ),
        (reading("link_clicks", **TOTAL), reading("clicks"), None, None),
        (reading("link_clicks", scope="unknown"), reading("clicks"), None, None),
        (reading("link_clicks"), reading("clicks", scope="unknown"), None, None),
        (reading("link_clicks"), reading("clicks", network="facebook"), None, None),
        (reading("link_clicks"), reading("clicks", zone=None), None, None),
        (reading("link_clicks"), lifetime("clicks", level="profile"), None, None),
        (reading("reposts", net=True), reading("shares"), None, None),
        (
            lifetime("reposts", zone=None),
            lifetime("shares"),
            "reposts-in-shares",
            "fault",
        ),
        (
            reading("impressions", composition="impressions"),
            reading("impressions", composition="views", **TOTAL),
            None,
            None,
        ),
        (reading("likes"), reading("saves"), None, None),
    ],
)
def test_orders_hold_between_figures(
    lesser: Reading, greater: Reading, order: str | None, severity: str | None
) -> None:
    straight = bound(lesser, greater, WEEK, orders())
    turned = bound(greater, lesser, WEEK, orders())

    if order is None:
        assert (straight, turned) == (None, None)
        return
    assert straight is not None
    assert turned is not None
    assert straight.order.id == turned.order.id == order
    assert straight.severity == turned.severity == severity
    assert (straight.lesser, turned.lesser) == ("left", "right")


def own(*lines: str, severity: str = "warning") -> str:
    text = ORDER.replace("fault", severity)
    return text.replace("{ ", '{ vendor = "toy", ') + "\n".join(lines)


@pytest.mark.parametrize(
    ("content", "severity"),
    [
        (own(), "warning"),
        (own(severity="none"), None),
        (own("valid_to = 2026-03-01", severity="none"), "fault"),
        (own("valid_from = 2026-03-09", severity="none"), "fault"),
    ],
)
def test_a_tool_weakens_orders_of_its_own_figures(
    content: str, severity: str | None
) -> None:
    every = (*orders(), *read(content, "toy.toml", "toy").orders)
    likes, reactions = reading("likes"), reading("reactions")

    found = bound(likes, reactions, WEEK, every)
    others = bound(likes, attrs.evolve(reactions, vendor="other"), WEEK, every)

    assert (found.severity if found else None) == severity
    assert others is not None
    assert others.severity == "fault"


def test_totals_since_publication_never_fall() -> None:
    order = never_falls(lifetime(), WEEK, orders())

    assert order is not None
    assert (order.id, order.severity) == ("lifetimes-never-fall", "warning")


@pytest.mark.parametrize(
    "each",
    [
        lifetime(net=True),
        lifetime(unit="ratio"),
        lifetime(counting="unique"),
        reading(),
    ],
)
def test_other_figures_may_fall(each: Reading) -> None:
    assert never_falls(each, WEEK, orders()) is None


def test_a_tool_may_have_totals_that_fall() -> None:
    content = """
[[order]]
id = "own"
severity = "none"
over_time = true
lesser = { vendor = "toy" }
text = "They fall."
source = "a page"
valid_from = 2026-03-08
"""
    every = (*orders(), *read(content, "toy.toml", "toy").orders)
    before = (date(2026, 3, 1), date(2026, 3, 7))

    assert never_falls(lifetime(), WEEK, every) is None
    assert never_falls(lifetime(), before, every) is not None


def test_every_part_in_the_ontology_has_an_order() -> None:
    found = {each.id: each.text for each in of_parts()}

    assert len(found) == len(of_parts())
    assert found["part-likes-of-reactions"] == (
        "Likes: all of them are counted in reactions."
    )

"""Bad and odd input of comparisons, and what becomes of it: for tests and docs.

`example` is code in which `a` and `b` are series of two tools with three days of likes
of one account; further names stand in `TABLE` of `test_compare_bad_input`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import attrs


@attrs.frozen
class BadInput:
    """What is wrong or odd, an example, and what becomes of it.

    `outcome` is an error that is raised, or "" where there is a comparison; `words` are
    some of the error's, or say what is in the comparison. `holds` is what must be true
    of that, of `found`, and is not shown.
    """

    what: str
    example: str
    outcome: str
    words: str
    holds: str = "True"

    @property
    def told(self) -> str:
        """What becomes of it, in a cell of the documentation's table."""
        return f"`{self.outcome}`: ...{self.words}..." if self.outcome else self.words


_ASKING: Final = (
    (
        "what is no series",
        "sm.compare(a, [1, 2])",
        "InvalidQuery",
        "[1, 2] is not a MetricSeries, to be compared",
    ),
    (
        "what is no series, among the parts",
        "sm.compare(a, b, parts=[None])",
        "InvalidQuery",
        "None is not a MetricSeries, to be compared",
    ),
    (
        "a series in place of a list of them",
        "sm.compare(a, b, parts=a)",
        "InvalidQuery",
        "is not a MetricSeries, to be compared",
    ),
    (
        "parts that are no list",
        "sm.compare(a, b, parts=5)",
        "InvalidQuery",
        "parts=5 is not a list; give several, or none",
    ),
    (
        "a window that is none",
        'sm.compare(a, b, window="2026-03")',
        "InvalidQuery",
        "window='2026-03' is not a Window",
    ),
    (
        "an unknown step",
        'sm.compare(a, b, by="hour")',
        "InvalidQuery",
        "by='hour' is none of day, week, month, total",
    ),
    (
        "an unknown level",
        'sm.compare(a, b, level="account")',
        "InvalidQuery",
        "level='account' is none of profile, post",
    ),
    (
        "an unknown zone",
        'sm.compare(a, b, tz="Berlin")',
        "InvalidQuery",
        "tz='Berlin' is not an IANA zone",
    ),
    (
        "a zone that is no text",
        "sm.compare(a, b, tz=1)",
        "InvalidQuery",
        "tz=1 is not an IANA zone",
    ),
    (
        "an unknown metric",
        'sm.compare(a, b, metrics=["like"])',
        "InvalidQuery",
        "metric 'like' is neither canonical nor in any of the series; did you mean",
    ),
    (
        "a metric in place of a list of them",
        'sm.compare(a, b, metrics="likes")',
        "InvalidQuery",
        "metrics='likes' is not a list",
    ),
    (
        "a metric that is no text",
        "sm.compare(a, b, metrics=[5])",
        "InvalidQuery",
        "metrics holds 5, which is not the name of one",
    ),
    (
        "posts that are none",
        'sm.compare(a, b, posts=["7"])',
        "InvalidQuery",
        "posts holds '7', which is not a Post",
    ),
    (
        "profiles that are none",
        'sm.compare(a, b, profiles=["@acme"])',
        "InvalidQuery",
        "profiles holds '@acme', which is not a Profile",
    ),
    (
        "one id of two accounts",
        'sm.compare(a, b, profiles=[profile(ref(1), vendor_id="7"), profile(ref(7))])',
        "InvalidQuery",
        "'7' is the id of two accounts, x:1 and x:7; compare them one at a time",
    ),
    (
        "too few names",
        'sm.compare(a, b, names=["Export"])',
        "InvalidQuery",
        "give one for each of 2 tools",
    ),
    (
        "a name in place of a list of them",
        'sm.compare(a, b, names="ab")',
        "InvalidQuery",
        "names='ab' is not a list",
    ),
    (
        "names that are no texts",
        "sm.compare(a, b, names=[1, 2])",
        "InvalidQuery",
        "a name is a text that is not blank",
    ),
    (
        "a blank name",
        'sm.compare(a, b, names=["Export", " "])',
        "InvalidQuery",
        "a name is a text that is not blank",
    ),
    (
        "a name twice",
        'sm.compare(a, b, names=["API", "API"])',
        "InvalidQuery",
        "every tool needs a name of its own",
    ),
    (
        "the figures behind a side that there is not",
        'sm.compare(a, b).behind(0, "both")',
        "InvalidQuery",
        "where='both' is neither 'left' nor 'right'",
    ),
    (
        "the figures behind what is no number",
        'sm.compare(a, b).behind("first", "left")',
        "InvalidQuery",
        "number='first' is not the number of a row",
    ),
)

_FIGURES: Final = (
    (
        "a figure that is no number",
        'sm.compare(days(float("nan")), b)',
        "InvalidQuery",
        "value must be a finite number",
    ),
    (
        "a figure beyond all measure",
        "sm.compare(days(1e300), b)",
        "InvalidQuery",
        "x:100 likes 1e+300 from 2026-03-02T00:00:00+00:00 on cannot be compared",
    ),
    (
        "figures at the calendar's beginning",
        "sm.compare(a, days(1, start=datetime(1, 1, 1, tzinfo=UTC)))",
        "InvalidQuery",
        "it is at an end of the calendar",
    ),
    (
        "figures at the calendar's end",
        "sm.compare(a, days(1, start=datetime(9999, 12, 30, tzinfo=UTC)))",
        "InvalidQuery",
        "it is at an end of the calendar",
    ),
    (
        "no figure on either side",
        "sm.compare(empty, empty)",
        "",
        "no row, and nothing that is alone",
        "not found.rows and not found.unmatched and not found.summaries",
    ),
    (
        "no figure on one side",
        "sm.compare(a, empty)",
        "",
        "in `unmatched`: series 2 has no likes",
        'not found.rows and reasons == ["series 2 has no likes"]',
    ),
    (
        "other accounts",
        "sm.compare(a, days(1, of=beta, subject=OTHER))",
        "",
        "in `unmatched`, with examples: has no likes of these subjects and windows",
        "{u.examples for u in found.unmatched} == {(ACME,), (OTHER,)}",
    ),
    (
        "other days",
        "sm.compare(a, days(1, of=beta, start=MONDAY + 30 * DAY))",
        "",
        "in `unmatched`: has no likes of these subjects and windows",
        "not found.rows and [u.figures for u in found.unmatched] == [3, 1]",
    ),
    (
        "other metrics",
        'sm.compare(a, days(1, of=reading("saves", "beta")))',
        "",
        "in `unmatched`: beta has no likes, alpha has no saves",
        'not found.rows and reasons == ["beta has no likes", "alpha has no saves"]',
    ),
    (
        "a metric that is known, and that nobody has",
        'sm.compare(a, b, metrics=["reach"])',
        "",
        "in `unmatched`: alpha has no reach, beta has no reach",
        'not found.rows and reasons == ["alpha has no reach", "beta has no reach"]',
    ),
    (
        "a window without figures",
        'sm.compare(a, b, window=sm.Window.days("2020-01-01", "2020-01-31"))',
        "",
        "no row, and nothing that is alone",
        "not found.rows and not found.unmatched",
    ),
    (
        "one metric in two currencies, or two units",
        'sm.compare(days(5, of=money), days(5, of=reading("spend", "beta")))',
        "",
        "the verdict `not_comparable`, by the rule `other-unit`",
        'verdicts == {"not_comparable"} and "other-unit" in rules',
    ),
    (
        "metrics that only one vendor knows",
        'sm.compare(days(1, of=reading("sparkles")), b)',
        "",
        "in `unmatched`: beta has no sparkles",
        '"beta has no sparkles" in reasons',
    ),
    (
        "metrics of one name that nobody defines",
        'sm.compare(days(1, of=reading("glow")), days(2, of=reading("glow", "beta")))',
        "",
        "the verdict `unknown`: nobody says what they count",
        'verdicts == {"unknown"}',
    ),
    (
        "figures that were not observed",
        "sm.compare(days(*ABSENT), days(*[1] * len(ABSENT), of=beta))",
        "",
        "rows without a gap; `left_status` says why",
        (
            "[r.left_status for r in found.rows] == ABSENT and "
            "{(r.gap, r.unexplained) for r in found.rows} == {(None, None)}"
        ),
    ),
    (
        "zeros by rule",
        "sm.compare(series(zero), days(0, of=beta))",
        "",
        "a row like any other: the status says that nothing was measured",
        "[(r.left, r.left_status) for r in found.rows] == [(0, 'zero_by_rule')]",
    ),
    (
        "the same figure read twice",
        "sm.compare(series(figure(1, alpha), figure(2, alpha, read=READ + DAY)), b)",
        "",
        "the last one that was read counts",
        "[r.left for r in found.rows] == [2]",
    ),
    (
        "hours and days in one series",
        "sm.compare(series(figures([1] * 24, alpha, span=HOUR), figure(24, alpha)), b)",
        "",
        "in `unmatched`, with subject and time: figures that overlap",
        'all("x:100 has figures that overlap at" in r for r in reasons)',
    ),
    (
        "figures that overlap",
        (
            "sm.compare(series(figure(1, alpha, span=2 * HOUR), "
            "figure(1, alpha, MONDAY + HOUR, HOUR)), b)"
        ),
        "",
        "in `unmatched`, with subject and time",
        'all("x:100 has figures that overlap at" in r for r in reasons)',
    ),
    (
        "weeks where days are asked for",
        'sm.compare(days(7, span=7 * DAY), days(7, of=beta, span=7 * DAY), by="day")',
        "",
        "in `unmatched`: figures are longer than the steps, or lie across two of them",
        'not found.rows and all("longer than the steps" in r for r in reasons)',
    ),
    (
        "people in weeks, of days",
        (
            'sm.compare(days(1, 2, of=people("alpha")), '
            'days(1, 2, of=people("beta")), by="week")'
        ),
        "",
        "in `unmatched`: figures of several days cannot be added",
        'not found.rows and all("cannot be added" in r for r in reasons)',
    ),
    (
        "posts whose account is not known",
        "sm.compare(a, totals({ref(1): 5}))",
        "",
        "in `unmatched`: only of posts (lifetime); posts= and profiles= would help",
        'not found.rows and "posts= and profiles=" in found.unmatched[0].instead',
    ),
    (
        "a part of a figure where the other side has the whole",
        'sm.compare(series(figure(1, alpha, breakdown="US")), b)',
        "",
        "in `unmatched`: parts and wholes are never compared",
        "not found.rows and len(found.unmatched) == 2",
    ),
    (
        "one series twice",
        "sm.compare(a, a)",
        "",
        "every figure is equal; the second is called alpha (2)",
        "found.summaries[0].equal == 3 and found.sides[1].name == 'alpha (2)'",
    ),
    (
        "one tool whose series has two vendors",
        (
            "sm.compare(sm.MetricSeries.concat("
            '[a, days(4, of=reading(vendor="gamma"))]), b)'
        ),
        "",
        "a row for each of the vendors",
        "[r.left_reading.vendor for r in found.rows] == ['alpha'] * 3 + ['gamma']",
    ),
    (
        "an id that two posts have",
        (
            'sm.compare(totals({ref("a"): 5}), totals({ref(1): 5}, lasting("likes", '
            '"beta")), posts=[post(1, vendor_id="a"), post(2, vendor_id="a")])'
        ),
        "",
        "it stands for neither of them; the figures are in `unmatched`",
        "not found.rows and len(found.unmatched) == 2",
    ),
    (
        "a million posts of which the other side has none",
        "sm.compare(million(), totals({ref(0): 1}, lasting(vendor='beta')))",
        "",
        "one line in `unmatched`, with five examples",
        "[(u.figures, len(u.examples)) for u in found.unmatched][0] == (1_000_000, 5)",
    ),
)

TABLE: Final = tuple(BadInput(*row) for row in (*_ASKING, *_FIGURES))


def as_markdown() -> Iterator[str]:
    """The table's lines for the documentation."""
    yield "| mistake | example | what becomes of it |"
    yield "|---|---|---|"
    for row in TABLE:
        cells = (row.what, f"`{row.example}`", row.told)
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"

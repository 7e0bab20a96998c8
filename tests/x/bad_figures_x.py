"""Mistakes in saying which figures, of which time."""

from __future__ import annotations

from typing import Final

Row = tuple[str, ...]

FIGURES: Final[tuple[Row, ...]] = (
    (
        "a metric that nobody has",
        'client.metrics([post], ["impresions"])',
        "InvalidQuery",
        "did you mean",
    ),
    (
        "one text instead of a list",
        'client.metrics([post], "likes")',
        "InvalidQuery",
        "metrics='likes' is one string; give a list: ['likes']",
    ),
    (
        "no metric",
        "client.metrics([post], [])",
        "InvalidQuery",
        "metrics is empty; name at least one",
    ),
    (
        "a metric that X does not have",
        'client.metrics([post], ["saves"])',
        "missing",
        "X's Engagement API has no saves",
    ),
    (
        "clicks since publication",
        'client.metrics([post], ["link_clicks"])',
        "missing",
        "X has link_clicks only by the hour of a window: give a window",
    ),
    (
        "quotes of a window",
        'client.metrics([post], ["quotes"], week)',
        "missing",
        "X has quotes only as totals since publication",
    ),
    (
        "paid and organic impressions together",
        'client.metrics([post], ["impressions[scope=total]"])',
        "missing",
        "X has impressions only as impressions[scope=organic]",
    ),
    (
        "a name that X has replaced",
        'client.metrics([post], ["media_clicks"], week)',
        "answered",
        "`media_engagements`, as it is called now",
        "{p.reading.name for p in found} == {'media_engagements'}",
    ),
    (
        "a step that does not exist",
        'client.metrics([post], ["likes"], week, by="month")',
        "InvalidQuery",
        "by='month' is none of hour, day, total",
    ),
    (
        "days without a window",
        'client.metrics([post], ["likes"], by="day")',
        "InvalidQuery",
        "by='day' needs a window",
    ),
    (
        "text instead of a window",
        'client.metrics([post], ["likes"], "2026-03-02")',
        "InvalidQuery",
        "is no Window; write Window.days(",
    ),
    (
        "a time without a zone",
        "sm.Window(datetime(2026, 3, 2), datetime(2026, 3, 3))",
        "InvalidQuery",
        "without a time zone",
    ),
    (
        "a window that runs backwards",
        'sm.Window.days("2026-03-08", "2026-03-02")',
        "InvalidQuery",
        "days run forward",
    ),
    (
        "a window in the future",
        'client.metrics([post], ["likes"], soon)',
        "InvalidQuery",
        "lies in the future: the last full hour ended at",
    ),
    (
        "a window that reaches into the future",
        'client.metrics([post], ["likes"], until_soon, by="hour")',
        "answered",
        "figures until the last full hour; the plan's notes say so",
        "max(p.end for p in found) == now",
    ),
    (
        "a window that cuts an hour",
        'client.metrics([post], ["likes"], half)',
        "InvalidQuery",
        "is not a full hour (UTC); X counts by hours of UTC",
    ),
    (
        "days that begin within an hour of UTC",
        'client.metrics([post], ["likes"], in_india, by="day")',
        "InvalidQuery",
        "X counts by hours of UTC",
    ),
    (
        "a window before 2014-09-01",
        'client.metrics([sm.Ref("x", "20")], ["likes"], long_ago)',
        "too_old",
        "",
        "not calls",
    ),
    (
        "a window that begins before 2014-09-01",
        'client.metrics([old], ["likes"], for_ever, by="total")',
        "answered",
        "one sum, of all that X knows",
        "len(found) == 1 and found[0].value > 0",
    ),
)

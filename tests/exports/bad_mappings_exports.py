"""Mistakes in mappings: what is written instead of the usual keys."""

from __future__ import annotations

from typing import Final

Row = tuple[str, ...]

MAPPINGS: Final[tuple[Row, ...]] = (
    (
        "a misspelt key",
        "zome = 'UTC'",
        "there is no key 'zome'; did you mean 'zone'?",
    ),
    (
        "a misspelt key of a metric",
        "metric = [{ colum = 'Likes', metric = 'likes' }]",
        "[[metric]] 1 has no key 'colum'; did you mean 'column'?",
    ),
    (
        "a misspelt key of a date",
        "date = { column = 'Date', formt = '%d' }",
        "[date] has no key 'formt'; did you mean 'format'?",
    ),
    ("no step", "", "missing required field `step`", "step"),
    ("a step that does not exist", "step = 'daily'", "Invalid enum value 'daily'"),
    ("a number instead of a name", "vendor = 7", "Expected `str`, got `int`"),
    ("an empty name", "vendor = ' '", "vendor is empty"),
    ("no zone for days", "", "zone is missing: step = 'day' needs the zone", "zone"),
    (
        "no zone for the day up to which figures are final",
        "step = 'hour'\nsettled_through = 2026-03-08",
        "zone is missing: settled_through needs the zone",
        "zone",
    ),
    ("a zone that does not exist", "zone = 'Berlin'", "'Berlin' is not an IANA zone"),
    ("no network", "", "network is missing; write network = 'instagram'", "network"),
    (
        "a network beside a fixed account",
        "subject = 'x:4711'",
        "network goes not with a fixed subject",
    ),
    (
        "an account without its network",
        "subject = '4711'",
        "subject: '4711' is no account or post; write its network and id: 'x:4711'",
        "network",
    ),
    (
        "handles without who they are",
        "subject = { column = 'Id', by = 'handle' }",
        "subject: refs goes with by = 'handle'",
    ),
    (
        "ids with a table of handles",
        "subject = { column = 'Id', by = 'id', refs = { '@acme' = 'x:4711' } }",
        "subject: refs goes with by = 'handle'",
    ),
    (
        "no date",
        "",
        "step = 'day' takes date; given is nothing",
        "date",
    ),
    (
        "a date that the step has no use for",
        "step = 'lifetime'",
        "step = 'lifetime' takes published; given is date",
    ),
    (
        "a column, and columns",
        "date = { column = 'Date', columns = ['Date', 'Hour'] }",
        "date has either column or columns",
    ),
    (
        "a format without a year",
        "date = { column = 'Date', format = '%d/%m' }",
        "date: format '%d/%m' does not tell %Y-%m-%d",
    ),
    (
        "a format that is none",
        "date = { column = 'Date', format = '%Q' }",
        "date: format '%Q' does not tell %Y-%m-%d",
    ),
    (
        "a format with the names of zones",
        "date = { column = 'Date', format = '%Y-%m-%d %Z' }",
        "has %Z, names of zones, which are not read; say zone in the mapping, or %z",
    ),
    (
        "a format of days for hours",
        "step = 'hour'\ndate = { column = 'Date', format = '%Y-%m-%d' }",
        "does not tell %Y-%m-%d %H",
    ),
    (
        "an end that does not say whether it belongs to the span",
        "step = 'span'\nstart = 'Date'\nend = 'To'",
        "end: included belongs to end",
        "date",
    ),
    (
        "a begin with an end's key",
        "date = { column = 'Date', included = true }",
        "date: included belongs to end",
    ),
    (
        "days that run backwards",
        "step = 'span'\nwindow = { first = 2026-03-08, last = 2026-03-02 }",
        "window: first=2026-03-08 lies after last=2026-03-02",
        "date",
    ),
    (
        "a time of reading without an offset",
        "read_at = 2026-03-11T06:00:00",
        "has no offset from UTC; write one like 2026-03-11T06:00:00Z",
    ),
    ("no metric", "metric = []", "there is no [[metric]]"),
    (
        "a misspelt metric",
        "metric = [{ column = 'Likes', metric = 'like' }]",
        "metric = 'like' is not canonical; did you mean 'likes'?",
    ),
    (
        "a metric without a name",
        "metric = [{ column = 'Likes', metric = ' ' }]",
        "metric = ' ' is empty or not printable text",
    ),
    (
        "a metric without a column",
        "metric = [{ metric = 'likes' }]",
        "[[metric]] 1 needs column, and no name",
    ),
    (
        "a metric's column in a report with a column of names",
        "metric_column = 'Metric'\nvalue_column = 'Value'",
        "[[metric]] 1 needs name, and no column",
    ),
    (
        "a column of names without one of values",
        "metric_column = 'Metric'",
        "metric_column and value_column belong together",
    ),
    (
        "two meanings of one column at a time",
        (
            "metric = [{ column = 'Likes', metric = 'likes' }, "
            "{ column = 'Likes', metric = 'reactions', valid_from = 2026-01-01 }]"
        ),
        "two [[metric]] are of 'Likes'; that takes valid_from and valid_to",
    ),
    (
        "a meaning that ends before it begins",
        (
            "metric = [{ column = 'Likes', metric = 'likes', "
            "valid_from = 2026-02-01, valid_to = 2026-01-01 }]"
        ),
        "first=2026-02-01 lies after last=2026-01-01",
    ),
    (
        "a total of what is a level",
        "metric = [{ column = 'Likes', metric = 'followers', temporality = 'period' }]",
        "followers is instant, never period",
    ),
    (
        "totals since publication by day",
        "metric = [{ column = 'Likes', metric = 'likes', temporality = 'lifetime' }]",
        "step = 'day' goes not with lifetime figures",
    ),
    (
        "a level where totals are reported",
        (
            "step = 'lifetime'\npublished = 'Date'\n"
            "metric = [{ column = 'Likes', metric = 'own', temporality = 'instant' }]"
        ),
        "step = 'lifetime' goes not with instant figures",
        "date",
    ),
    (
        "another unit than the metric's",
        "metric = [{ column = 'Likes', metric = 'likes', unit = 'second' }]",
        "likes is of the unit count, not second",
    ),
    (
        "per cent of a count",
        "metric = [{ column = 'Likes', metric = 'likes', percent = true }]",
        "percent goes not with the unit count",
    ),
    (
        "people of several days, to be added",
        "metric = [{ column = 'Likes', metric = 'reach', additive = true }]",
        "reach can never be added over time",
    ),
    (
        "people who are counted once, to be added",
        (
            "metric = [{ column = 'Likes', metric = 'own', counting = 'unique', "
            "additive = true }]"
        ),
        "additive goes only with counts of a period, not unique",
    ),
    (
        "a final day of totals since publication",
        "step = 'lifetime'\npublished = 'Date'\nsettled_through = 2026-03-08",
        "settled_through goes not with totals since publication",
        "date",
    ),
    ("another decimal mark", "decimal = ':'", "decimal = ':' is neither '.' nor ','"),
    (
        "one mark for both",
        "decimal = ','\nthousands = ','",
        "or the same as decimal",
    ),
    ("a delimiter of two characters", "delimiter = '::'", "is no single character"),
    ("an encoding that does not exist", "encoding = 'utf-9'", "'utf-9' is not known"),
    (
        "a text that means two things",
        "absent.suppressed = ['N/A']",
        "absent has 'n/a' twice",
    ),
    ("a line before the first", "header = 0", "header = 0 is no line"),
    (
        "a pattern that is none",
        "ignore = ['(']",
        "ignore: '(' is no regular expression",
    ),
)

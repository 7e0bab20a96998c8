"""Mistakes in the rows of a report.

Each is a row below a good one: `2026-03-02,4711,7`, under the header `Date,Id,Likes`.
"""

from __future__ import annotations

from typing import Final

Row = tuple[str, ...]

ROWS: Final[tuple[Row, ...]] = (
    ("an empty cell", "2026-03-03,4711,", "not_reported", ""),
    ("a dash for no figure", "2026-03-03,4711,-", "not_reported", ""),
    ("N/A for no figure", "2026-03-03,4711,N/A", "not_reported", ""),
    (
        "a text for a figure that is too small to show",
        "2026-03-03,4711,<5",
        "suppressed",
        "",
        'absent.suppressed = ["<5"]',
    ),
    ("a figure that is a word", "2026-03-03,4711,many", "kept out", "is no number"),
    (
        "a rounded figure",
        "2026-03-03,4711,1.2K",
        "kept out",
        "is a rounded number; have the report write all digits",
    ),
    (
        "a figure in scientific notation",
        "2026-03-03,4711,1.2E+05",
        "kept out",
        "is a rounded number",
    ),
    (
        "grouped digits that nobody stated",
        '2026-03-03,4711,"1,234"',
        "kept out",
        "is no number where decimal = '.' and thousands = ''",
    ),
    (
        "digits grouped by the other mark",
        "2026-03-03,4711,1.234",
        "kept out",
        "is no whole number of things; check decimal and thousands",
    ),
    (
        "a decimal comma that is stated to group digits",
        '2026-03-03,4711,"12,5"',
        "kept out",
        "is no number where decimal = '.' and thousands = ','",
        'thousands = ","',
    ),
    (
        "a share that is not stated to be in per cent",
        "2026-03-03,4711,5%",
        "kept out",
        "is in per cent; say percent = true for this metric",
    ),
    (
        "a number beyond 2 to the 53rd",
        "2026-03-03,4711,9007199254740993",
        "kept out",
        "is too large to be exact",
    ),
    ("infinity", "2026-03-03,4711,inf", "kept out", "is no number"),
    ("digits of another script", "2026-03-03,4711,٣", "kept out", "is no number"),
    ("a NUL byte in a figure", "2026-03-03,4711,7\0", "kept out", "is no number"),
    (
        "a formula",
        "2026-03-03,4711,=1+1",
        "kept out",
        "is a formula without a value",
    ),
    (
        "the error of a formula",
        "2026-03-03,4711,#DIV/0!",
        "not_reported",
        "the error of a formula, not a figure",
    ),
    (
        "a negative figure",
        "2026-03-03,4711,-7",
        "answered",
        "taken as it is: tools take back what they had counted",
    ),
    (
        "an empty date",
        ",4711,7",
        "kept out",
        "is empty; in a sheet, merged cells leave the others empty",
    ),
    (
        "a date that may be day or month first",
        "03/04/2026,4711,7",
        "kept out",
        "may be day or month first; say format = '%d/%m/%Y' or '%m/%d/%Y'",
    ),
    (
        "a date that is none",
        "yesterday,4711,7",
        "kept out",
        "is no date like 2026-03-02; say format in the mapping",
    ),
    (
        "a day that the calendar does not have",
        "2026-02-30,4711,7",
        "kept out",
        "is no date like 2026-03-02",
    ),
    (
        "a month where the stated format has the day",
        "03/25/2026,4711,7",
        "kept out",
        "is no date in the format '%d/%m/%Y'",
        'date = { column = "Date", format = "%d/%m/%Y" }',
        "02/03/2026,4711,7",
    ),
    (
        "a time where days are meant",
        "2026-03-03 13:00,4711,7",
        "kept out",
        "has a time, where a day of UTC is wanted",
    ),
    (
        "half an hour where hours are meant",
        "2026-03-03 13:30,4711,7",
        "kept out",
        "is not the begin of an hour",
        'step = "hour"',
    ),
    (
        "an hour that the clocks show twice",
        "2025-10-26 02:00,4711,7",
        "kept out",
        "is shown twice by the clocks of Europe/Berlin on that day; export in UTC",
        'step = "hour"\nzone = "Europe/Berlin"',
    ),
    (
        "an hour that the clocks skip",
        "2025-03-30 02:00,4711,7",
        "kept out",
        "is skipped by the clocks of Europe/Berlin on that day",
        'step = "hour"\nzone = "Europe/Berlin"',
    ),
    (
        "a day that a zone skipped",
        "2011-12-30,4711,7",
        "kept out",
        "is a day that Pacific/Apia skipped",
        'zone = "Pacific/Apia"',
    ),
    (
        "the middle of a month where months are meant",
        "2026-02-15,4711,7",
        "kept out",
        "is not the first day of a month",
        'step = "month"',
        "2026-02-01,4711,7",
    ),
    (
        "the last day of the calendar",
        "9999-12-31,4711,7",
        "kept out",
        "is no date of the calendar",
    ),
    (
        "a day after the report was read",
        "2026-03-12,4711,0",
        "kept out",
        "is of a time after the report was read",
    ),
    ("an empty id", "2026-03-03,,7", "kept out", "is empty"),
    (
        "an id that a spreadsheet has rounded",
        "2026-03-03,2.02959E+18,7",
        "kept out",
        "is an id that a spreadsheet has rounded; export again",
    ),
    (
        "an id that ends as spreadsheets end long numbers",
        "2026-03-03,2029590707852670000,7",
        "answered",
        "kept, and told as an issue of the file",
    ),
    (
        "an id that is protected from spreadsheets",
        '2026-03-03,"=""4711""",7',
        "answered",
        "read as what is meant: `4711`",
    ),
    (
        "an id with characters that cannot be seen",
        "2026-03-03,47\0" + "11,7",
        "kept out",
        "is no id",
    ),
    (
        "a handle that the mapping does not know",
        "2026-03-03,@acm,7",
        "kept out",
        "is no handle that the mapping names; did you mean '@acme'?",
        'subject = { column = "Id", by = "handle", refs = { "@acme" = "x:4711" } }',
        "2026-03-02,@acme,7",
    ),
    (
        "text where a link is meant",
        "2026-03-03,4711,7",
        "kept out",
        "is no link",
        'subject = { column = "Id", by = "permalink" }',
        "2026-03-02,https://x.com/acme/status/4711,7",
    ),
    (
        "a link to a post of another network",
        "2026-03-03,https://x.com/acme/status/4711,7",
        "kept out",
        "is a post of x, not of instagram",
        'network = "instagram"\nsubject = { column = "Id", by = "permalink" }',
        "2026-03-02,https://instagram.example/p/1,7",
    ),
    (
        "a cell too few",
        "2026-03-03,4711",
        "kept out",
        "has 2 cells, and the header 3",
    ),
    (
        "a cell too many",
        "2026-03-03,4711,7,8",
        "kept out",
        "has 4 cells, and the header 3",
    ),
    (
        "a quotation mark out of place",
        '2026-03-03,4711,"7"8',
        "kept out",
        "a quotation mark is out of place",
    ),
    (
        "the same figure twice",
        "2026-03-02,4711,8",
        "kept out",
        (
            "a second figure of 'Likes' of x:4711 from 2026-03-02T00:00:00+00:00; that "
            "of line 2 is kept"
        ),
    ),
    (
        "the same figure again, and no value",
        "2026-03-02,4711,-",
        "kept out",
        "a second figure of 'Likes' of x:4711 from 2026-03-02T00:00:00+00:00; that",
    ),
    ("an empty line", "", "answered", "no row"),
)

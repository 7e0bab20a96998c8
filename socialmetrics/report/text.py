"""A comparison as plain text, for terminals and logs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final

from socialmetrics.comparison.result import Row
from socialmetrics.errors import InvalidQuery
from socialmetrics.reading import Unit
from socialmetrics.report import lists, split, verdicts, words
from socialmetrics.report.compared import Compared
from socialmetrics.report.judged import Judged, judged, unrepeated
from socialmetrics.report.layout import cells, columns, left, right, wrapped
from socialmetrics.report.sections import grouped
from socialmetrics.report.split import Step
from socialmetrics.report.table import FigureTable, Group, Record, table
from socialmetrics.report.view import heading
from socialmetrics.strangers import plain
from socialmetrics.window import Window

ROWS: Final = 60
"""So many pairs of figures are in a text; it says how many more there are."""

LOOKED: Final = 2_000
"""Among so many pairs of figures the first ones of every metric are looked for."""

GAPS: Final = 10
"""So many gaps are split in a text: the first ones of the table."""

LISTED: Final = 20
"""So many lines of faults, coverage or figures without a partner are in a text."""

NARROWEST: Final = 40
_ASCII: Final = str.maketrans(
    {words.MINUS: "-", "\u00a0": " ", verdicts.SIGNS["bounded"]: "<="}
)


def text(compared: Compared, width: int = 80) -> str:
    """The comparison in short, on lines of at most `width` columns: the figures, the
    verdicts in words, gaps and their causes, faults, coverage, and what to use.

    It has no colours. Of large comparisons it shows the beginning, and says how much
    more there is. Raises `InvalidQuery` for a width below 40.
    """
    if not isinstance(width, int) or width < NARROWEST:  # pyright: ignore[reportUnnecessaryIsInstance]  # whatever somebody gives
        raise InvalidQuery(f"width={width!r} must be {NARROWEST} columns or more")
    shown = table(compared, ROWS, LOOKED)
    blocks = (
        _head(compared, shown, width),
        _figures(compared, shown, width),
        _faults(compared, width),
        _verdicts(compared, width),
        _gaps(compared, shown, width),
        _advice(compared, width),
        _coverage(compared, width),
        _unmatched(compared, width),
    )
    told = ("\n".join(lines) for block in blocks if (lines := list(block)))
    return "\n\n".join(told) + "\n"


def _said(text: str) -> str:
    """Text with the characters that every terminal has, as far as it is ours."""
    return plain(text).translate(_ASCII)


def _head(compared: Compared, shown: FigureTable, width: int) -> Iterator[str]:
    yield from wrapped(_said(heading(compared, shown)), width)
    if compared.window is not None:
        yield from wrapped(_said(words.window_words(compared.window)), width)
    for side in compared.sides:
        told = f"{_said(side.name)}: {words.read_words(side)}"
        yield from wrapped(told, width, indent="  ", hang="  ")


def _figures(compared: Compared, shown: FigureTable, width: int) -> Iterator[str]:
    """The figures as a table, or below one another where that is too wide."""
    tools = [_said(each) for each in shown.tools]
    rows = [[_title(each), *_cells(each)] for each in shown.records]
    lines = columns(["", *tools], rows, width) if rows else ["No pair of figures"]
    if lines is None:
        lines = ["", *("\n".join(_stacked(row, tools, width)) for row in rows)]
    head, *rest = lines
    yield from filter(None, [head])
    body = iter(rest)
    for group in shown.groups:
        if len(shown.groups) > 1 or not _is_window(compared.window, group):
            yield from wrapped(_named(compared, group), width, hang="  ")
        yield from islice(body, len(group.records))
    if shown.left_out:
        yield f"and {words.plural(shown.left_out, 'more pair')} of figures"


def _stacked(row: Sequence[str], tools: Sequence[str], width: int) -> Iterator[str]:
    title, *told = row
    yield from wrapped(title, width)
    for tool, cell in zip(tools, told, strict=True):
        yield from wrapped(f"{tool}: {cell}", width, indent="  ", hang="  ")


def _is_window(window: Window | None, group: Group) -> bool:
    """Whether the head of the text says all that is to be said of these figures."""
    if window is None or group.breakdown:
        return False
    return (group.start, group.end) == (window.start, window.end)


def _named(compared: Compared, group: Group) -> str:
    parts = (
        compared.label(group.subject),
        group.breakdown,
        words.span(group.start, group.end, group.zone),
    )
    return ", ".join(_said(part) for part in parts if part)


def _title(record: Record) -> str:
    title = words.title_of(record.metric)
    return _said(f"{title} ({record.note})" if record.note else title)


def _cells(record: Record) -> list[str]:
    return [_said(each.text) if each else "not compared" for each in record.figures]


def _verdicts(compared: Compared, width: int) -> Iterator[str]:
    """Every verdict in words; metrics of which the same is said are put together."""
    alike: dict[tuple[Judged, ...], list[str]] = {}
    for metric, summaries in grouped(compared.summaries).items():
        told = tuple(map(judged, summaries))
        alike.setdefault(told, []).append(words.title_of(metric))
    if alike:
        yield "Verdicts"
    for titles, sentences in unrepeated(alike):
        yield from wrapped(_said(titles), width, indent="  ")
        for sentence, reasons in sentences:
            yield from wrapped(_said(sentence), width, indent="    ", hang="  ")
            for reason in reasons:
                yield from wrapped(_said(reason), width, indent="      ", hang="  ")


def _gaps(compared: Compared, shown: FigureTable, width: int) -> Iterator[str]:
    rows = list(filter(split.has_gap, shown.rows))
    several = len(shown.groups) > 1
    for number, row in enumerate(rows[:GAPS]):
        if number:
            yield ""
        about = words.title_of(row.metric)
        about += f" of {compared.label(row.subject)}" if several else ""
        yield from wrapped(_said(f"{split.headline(row)}: {about}"), width, hang="  ")
        yield from _steps(row, width)
    yield from _more(len(rows), GAPS, "gap")


def _steps(row: Row, width: int) -> Iterator[str]:
    """The causes one below the other: what, how much, and what that comes to."""
    unit = split.unit(row)
    told = [
        (
            _cause(step, unit),
            _amount(step, unit),
            _said(words.number(step.after, unit)),
        )
        for step in split.steps(row)
        if step.kind in {"cause", "unexplained"}
    ]
    amounts = max(cells(amount) for _, amount, _ in told)
    results = max(cells(result) for _, _, result in told)
    room = width - amounts - results - len("  ->  ")
    for what, amount, result in told:
        *first, last = wrapped(what, room, indent="  ", hang="  ")
        yield from first
        end = f"{right(amount, amounts)}  -> {right(result, results)}"
        yield f"{left(last, room)} {end}"


def _cause(step: Step, unit: Unit) -> str:
    if step.kind == "unexplained":
        return step.name
    limits = split.bounds(step, unit)
    doubt = "" if step.basis == "computed" else f" ({limits or 'size not known'})"
    return _said(f"{step.name}{doubt}{': ' if step.text else ''}{step.text}")


def _amount(step: Step, unit: Unit) -> str:
    if step.basis == "unknown":
        return "?"
    return _said(words.number(step.amount, unit, signed=True))


def _faults(compared: Compared, width: int) -> Iterator[str]:
    yield from _list("Faults in the data", lists.faults(compared), width, "fault")


def _advice(compared: Compared, width: int) -> Iterator[str]:
    if compared.advice:
        yield "Which figure to use"
    for title, answers in lists.advice(compared).items():
        yield from wrapped(_said(title), width, indent="  ", hang="  ")
        for answer in answers:
            yield from wrapped(_said(answer), width, indent="    ", hang="  ")


def _coverage(compared: Compared, width: int) -> Iterator[str]:
    yield from _list("Coverage", lists.coverage(compared), width, "line")


def _unmatched(compared: Compared, width: int) -> Iterator[str]:
    told = lists.unmatched(compared)
    yield from _list("Figures without a partner", told, width, "line")


def _list(title: str, told: Sequence[str], width: int, what: str) -> Iterator[str]:
    """The first lines of a list below its title, if there are any."""
    if told:
        yield title
    for each in told[:LISTED]:
        yield from wrapped(_said(each), width, indent="  ", hang="  ")
    yield from _more(len(told), LISTED, what)


def _more(count: int, most: int, what: str) -> Iterator[str]:
    """That there is more than was shown, if there is."""
    if count > most:
        yield f"  and {words.plural(count - most, f'more {what}')}"

"""CSV files: their rows, with the numbers of the lines on which they begin."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from io import TextIOWrapper
from itertools import islice
from pathlib import Path
from typing import BinaryIO, Final, Protocol, TypeAlias

import attrs

from socialmetrics.errors import InvalidQuery
from socialmetrics.exports.columns import wanted
from socialmetrics.exports.layout import Layout
from socialmetrics.exports.problems import Problems

DELIMITERS: Final = (",", ";", "\t")
LONGEST: Final = 1_000_000
"""Characters of a line; beyond it is no line of a report."""
BOMS: Final = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
WIDE: Final = ("utf-16", "utf-32")
Record: TypeAlias = tuple[int, list[str]]


class Reader(Protocol):
    """What `csv.reader` makes."""

    @property
    def line_num(self) -> int:
        """The number of lines that were read."""
        ...

    def __next__(self) -> list[str]: ...


@attrs.frozen
class CsvFile:
    """A CSV file. Raises `InvalidQuery`, naming the file and the line, for what cannot
    be read at all; single broken rows go to the problems."""

    path: Path
    layout: Layout
    file: TextIOWrapper
    header: Sequence[str]
    delimiter: str

    @classmethod
    def of(cls, path: Path, file: TextIOWrapper, layout: Layout) -> CsvFile:
        """That file, its header read and its delimiter found."""
        marks = (layout.delimiter,) if layout.delimiter else DELIMITERS
        headers = _headers(path, file, layout.header, marks)
        names = wanted(layout)
        best = max(headers, key=lambda m: (_there(headers[m], names), len(headers[m])))
        return cls(path, layout, file, headers[best], best)

    @property
    def prefix(self) -> str:
        """What goes before a line's number."""
        return f"{self.path.name}, line"

    def records(self, problems: Problems) -> Iterator[Record]:
        """The rows below the header, with the numbers of their first lines."""
        skipped = self.layout.header - 1
        reader = _reader(self.path, self.file, skipped, self.delimiter)
        next(reader)
        while True:
            first = skipped + reader.line_num + 1
            try:
                record = next(reader)
            except StopIteration:
                return
            except csv.Error as err:
                last = skipped + reader.line_num
                _check_goes_on(f"{self.prefix} {first}", err)
                problems.add(first, "a quotation mark is out of place", last=last)
            except UnicodeDecodeError as err:
                raise _undecodable(self.path, self.file, err) from err
            else:
                yield first, record


def text(path: Path, handle: BinaryIO, layout: Layout) -> TextIOWrapper:
    """The file as text, in the encoding of its mark, else that of the mapping."""
    start = handle.read(4096)
    handle.seek(0)
    found = (name for mark, name in BOMS if start.startswith(mark))
    encoding = next(found, layout.encoding)
    is_wide = start.count(0) * 4 > len(start)
    if is_wide and not encoding.startswith(WIDE):
        raise InvalidQuery(
            f"{path} has NUL bytes: it is no text, or text in UTF-16 without a "
            "mark; if so, say encoding = 'utf-16-le' in the mapping"
        )
    return TextIOWrapper(handle, encoding, newline="")


def _there(header: Sequence[str], names: dict[str, str]) -> int:
    return sum(name in header for name in names)


def _headers(
    path: Path, file: TextIOWrapper, line: int, delimiters: Sequence[str]
) -> dict[str, Sequence[str]]:
    """The header as each delimiter cuts it. Raises `InvalidQuery` where none can."""
    where, found = f"{path.name}, line {line}", dict[str, Sequence[str]]()
    broken: csv.Error | None = None
    for delimiter in delimiters:
        try:
            record = next(_reader(path, file, line - 1, delimiter))
        except StopIteration as err:
            raise InvalidQuery(f"{where}: the file ends before the header") from err
        except UnicodeDecodeError as err:
            raise _undecodable(path, file, err) from err
        except csv.Error as err:  # In quotation marks and cut by another mark.
            broken = err
        else:
            found[delimiter] = [name.strip() for name in record]
    if not found:
        raise InvalidQuery(f"{where}: the header cannot be read: {broken}") from broken
    return found


def _reader(path: Path, file: TextIOWrapper, skipped: int, delimiter: str) -> Reader:
    """Reads the file from its begin; so many lines are passed over."""
    file.seek(0)
    lines = _lines(path, file)
    for _ in islice(lines, skipped):
        pass
    return csv.reader(lines, delimiter=delimiter, strict=True)


def _lines(path: Path, file: TextIOWrapper) -> Iterator[str]:
    while line := file.readline(LONGEST):
        if len(line) == LONGEST:
            raise InvalidQuery(
                f"{path.name}: has a line of more than {LONGEST:,} characters, as no "
                "report in CSV has"
            )
        yield line


def _check_goes_on(where: str, err: csv.Error) -> None:
    """Whether the next line begins a row: not within a text that was never closed."""
    if "limit" in str(err):
        raise InvalidQuery(
            f"{where}: a cell is longer than {csv.field_size_limit():,} characters; is "
            "a quotation mark not closed? Nothing behind it can be told apart"
        ) from err
    if "end of data" in str(err):
        raise InvalidQuery(
            f"{where}: a quotation mark is not closed; the file may be cut off"
        ) from err


def _undecodable(
    path: Path, file: TextIOWrapper, err: UnicodeDecodeError
) -> InvalidQuery:
    name = file.encoding.removesuffix("-sig").upper()
    return InvalidQuery(
        f"{path.name}{_first_undecodable(path, file.encoding)}: is not {name} "
        f"({err.reason}); say encoding in the mapping, like 'cp1252' or 'latin-1'"
    )


def _first_undecodable(path: Path, encoding: str) -> str:
    """Names the first line that is at fault, where bytes tell lines apart."""
    if encoding.startswith(WIDE):
        return ""
    with path.open("rb") as file:
        starts = ((n, _fault(line, encoding)) for n, line in enumerate(file, 1))
        told = (f", line {number}, byte {at}" for number, at in starts if at)
        return next(told, "")


def _fault(line: bytes, encoding: str) -> int:
    """The number of the first byte that cannot be read; 0 where all can."""
    try:
        line.decode(encoding)
    except UnicodeDecodeError as err:
        return err.start + 1
    return 0

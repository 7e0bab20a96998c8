"""Series as data frames of the libraries that people have, loaded when asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from socialmetrics.errors import InvalidQuery

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl
    from arro3.core import Table


def pandas(table: Table) -> pd.DataFrame:
    """The table as a pandas frame; words are categoricals."""
    try:
        import pyarrow as pa
    except ImportError as err:
        raise _absent("to_pandas", "pandas and pyarrow") from err
    frame: pd.DataFrame = pa.table(table).to_pandas()  # pyright: ignore[reportUnknownMemberType]  # pyarrow's stub
    return frame


def polars(table: Table) -> pl.DataFrame:
    """The table as a polars frame; words are categoricals."""
    try:
        import polars as pl
    except ImportError as err:
        raise _absent("to_polars", "polars") from err
    return pl.DataFrame(table)


def _absent(asked: str, needed: str) -> InvalidQuery:
    return InvalidQuery(
        f"{asked} needs {needed}: pip install 'socialmetrics[dataframes]'"
    )

"""Frames and Arrow tables on their way in: what pandas, Polars and pyarrow say in their own terms is made plain first.
None of them is imported here."""
from __future__ import annotations

import sys
from typing import Any, Iterator, List, Optional, Sequence


def frame_of(rows: Any, columns: Optional[Sequence[str]]) -> Any:
    """Of a frame or table: the columns asked for, categories as their values, no index that has no name."""
    if hasattr(rows, "itertuples") and hasattr(rows, "reset_index"):
        return _pandas(rows, columns)
    if not hasattr(rows, "__arrow_c_stream__") and not hasattr(rows, "__arrow_c_array__"):
        return rows
    if columns is not None:
        if not hasattr(rows, "select"):
            raise TypeError(f"columns= cannot choose among those of {type(rows).__name__}: choose there, or leave it out")
        rows = rows.select(list(columns))
    polars, arrow = sys.modules.get("polars"), sys.modules.get("pyarrow")
    if polars is not None and isinstance(rows, polars.DataFrame):
        for name, kind in rows.schema.items():
            if kind in (polars.Categorical, polars.Enum):
                rows = rows.with_columns(rows[name].cast(polars.String))
    elif arrow is not None and isinstance(rows, arrow.Table):
        for at, field in enumerate(rows.schema):
            if arrow.types.is_dictionary(field.type):
                rows = rows.set_column(at, field.name, rows.column(at).cast(field.type.value_type))
    return rows


def _pandas(rows: Any, columns: Optional[Sequence[str]]) -> Any:
    names = list(rows.index.names)
    unnamed = [level for level, name in enumerate(names) if name is None]
    if len(unnamed) == len(names):
        rows = rows.reset_index(drop=True)
    else:
        rows = (rows.reset_index(level=unnamed, drop=True) if unnamed else rows).reset_index()
    if columns is not None:
        rows = rows[list(columns)]
    casts = {name: rows[name].cat.categories.dtype for name in rows.columns if getattr(rows[name], "cat", None) is not None}
    return rows.astype(casts) if casts else rows


def stream_of(rows: Any) -> Optional[object]:
    """An Arrow stream, of what can make one. pandas can only with pyarrow, without which it raises."""
    make = getattr(rows, "__arrow_c_stream__", None)
    if make is None:
        return None
    try:
        stream: object = make()
    except ImportError:
        if not hasattr(rows, "itertuples"):
            raise
        return None
    return stream


def _known(value: Any) -> Any:
    kind = type(value).__name__
    if kind in ("NAType", "NaTType") or (kind.startswith("float") and value != value):
        return None
    return value


def tuples_of(rows: Any) -> "Iterator[List[Any]]":
    """The rows of a pandas frame; what it writes for nothing is None."""
    return ([_known(value) for value in row] for row in rows.itertuples(index=False, name=None))

"""Rows, the table that a question is answered with: whole, in memory, never changing."""
from __future__ import annotations

from importlib import import_module
from itertools import islice
from typing import TYPE_CHECKING, Any, Iterator, TypeVar

from . import _kith
from .display import MOST_ROWS, table_html

R = TypeVar("R", covariant=True)

if TYPE_CHECKING:
    Base = _kith.Rows
else:  # what is generic for type checkers alone
    class Base(_kith.Rows):
        __slots__ = ()
        __class_getitem__ = classmethod(lambda cls, row: cls)


class Rows(Base[R]):
    """A table: len, [i], slices and iteration give its rows; tuples(), dicts() and column() other shapes."""

    __slots__ = ()

    def __reversed__(self) -> Iterator[R]:
        return (self[at] for at in range(len(self) - 1, -1, -1))

    def to_arrow(self) -> Any:
        """A pyarrow.Table."""
        return import_module("pyarrow").table(self)

    def to_pandas(self) -> Any:
        """A pandas.DataFrame (through pyarrow)."""
        return self.to_arrow().to_pandas()

    def to_polars(self) -> Any:
        """A polars.DataFrame."""
        return import_module("polars").DataFrame(self)

    def __repr__(self) -> str:
        shown = [repr(row) for row in self[:3]]
        if len(self) > 3:
            shown.append(f"... {len(self)} in all")
        return f"<rows: {', '.join(shown) or 'none'}>"

    def _repr_html_(self) -> str:
        more = f"the first {MOST_ROWS} of {len(self)}" if len(self) > MOST_ROWS else ""
        return table_html(self.names, islice(self.tuples(), MOST_ROWS), more)

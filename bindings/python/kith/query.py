"""Answers that come page by page: Pages, for anything with pages, and Find, for what a query finds."""
from __future__ import annotations

from importlib import import_module
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, Callable, Generic, Iterator, List, Optional, Tuple, TypeVar

from . import _kith
from .display import MOST_ROWS, table_html
from .errors import Invalid
from .tables import Rows
from .values import Names, Ref, names, query, ref

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from .database import Database
    from .extras import AssignExtras, Extras, SubscribeWhereExtras, UnsubscribeExtras

R = TypeVar("R")
FIRST_PAGE = 200
PAGE = 10000


class Pages(Generic[R]):
    """Rows, fetched page after page while you walk. It can be walked again, and then asks again."""

    def __init__(self, fetch: "Callable[[Optional[str], int], Rows[R]]", limit: Optional[int]) -> None:
        if limit is not None and limit < 0:
            raise Invalid(f"limit: {limit} is less than 0; None is for all", field="limit")
        self._fetch = fetch
        self._limit = limit

    def pages(self) -> "Iterator[Rows[R]]":
        """The tables, one after another: a small one first, so that who looks at few rows waits for few."""
        after: Optional[str] = None
        left, size = self._limit, FIRST_PAGE
        while left is None or left > 0:
            rows = self._fetch(after, size if left is None else min(size, left))
            if len(rows):
                yield rows
            after = rows.next
            if after is None:
                return
            if left is not None:
                left -= len(rows)
            size = PAGE

    def __iter__(self) -> Iterator[R]:
        """The rows, one after another."""
        return chain.from_iterable(self.pages())

    def first(self) -> Optional[R]:
        """The first row, or None."""
        if self._limit is not None and self._limit < 1:
            return None
        rows = self._fetch(None, 1)
        return rows[0] if len(rows) else None

    def all(self) -> List[R]:
        """Every row, in a list."""
        return list(self)

    def tuples(self) -> Iterator[Tuple[Any, ...]]:
        """The rows as tuples."""
        return chain.from_iterable(page.tuples() for page in self.pages())

    def dicts(self) -> "Iterator[dict[str, Any]]":
        """The rows as dicts."""
        return chain.from_iterable(page.dicts() for page in self.pages())

    def _table(self) -> "Rows[R]":
        return self._fetch(None, -1 if self._limit is None else self._limit)

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """The rows as a stream of Arrow batches, for DuckDB, Polars, pyarrow and whoever else takes one."""
        return self._table().__arrow_c_stream__(requested_schema)

    def to_arrow(self) -> Any:
        """A pyarrow.Table."""
        return import_module("pyarrow").table(self)

    def to_pandas(self) -> Any:
        """A pandas.DataFrame (through pyarrow)."""
        return self.to_arrow().to_pandas()

    def to_polars(self) -> Any:
        """A polars.DataFrame."""
        return import_module("polars").DataFrame(self)

    def _few(self) -> "Rows[R]":
        most = MOST_ROWS + 1
        return self._fetch(None, most if self._limit is None else min(most, self._limit))

    def _title(self) -> str:
        return "rows"

    def __repr__(self) -> str:
        try:
            rows = self._few()
        except Exception:  # what is shown in a debugger or a log must not fail: closed, or a wrong condition
            return f"<{self._title()}>"
        shown = [repr(row) for row in islice(rows, 3)]
        if len(rows) > 3:
            shown.append("...")
        return f"<{self._title()}: {', '.join(shown) or 'none'}>"

    def _repr_html_(self) -> Optional[str]:
        try:
            rows = self._few()
        except Exception:  # then repr is shown
            return None
        more = f"the first {MOST_ROWS}; there are more" if len(rows) > MOST_ROWS else ""
        return table_html(rows.names, islice(rows.tuples(), MOST_ROWS), more)


class Find(Pages[R]):
    """What a query finds. Nothing is asked before you walk it, count it, or act on it."""

    def __init__(self, crm: Database, kind: str, row: "type[R]", where: Optional[str], args: Tuple[Any, ...],
                 columns: Optional[Names], sort: Optional[Names], limit: Optional[int]) -> None:
        self._crm, self._kind, self._where, self._args = crm, kind, where, args
        self._columns, self._sort = names(columns), names(sort)

        def fetch(after: Optional[str], size: int) -> "Rows[R]":
            rows: Rows[R] = crm._handle.find(kind, query(where, args, self._columns, self._sort, after, size), crm, row)
            return rows

        super().__init__(fetch, limit)

    def count(self) -> int:
        """How many there are."""
        count = self._crm._handle.count(self._kind, query(self._where, self._args))
        return count if self._limit is None else min(count, self._limit)

    def __bool__(self) -> bool:
        """Whether anything is found."""
        return self.first() is not None

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        limit = -1 if self._limit is None else self._limit
        return self._crm._handle.find_stream(self._kind, query(self._where, self._args, self._columns, self._sort, None, limit))

    def _for_all(self) -> Tuple[Any, ...]:
        if self._kind != "lead":
            raise TypeError("only leads can be tagged and subscribed")
        if self._limit is not None:
            raise TypeError("a limit has no say here: it is done for everybody whom the condition finds")
        return query(self._where, self._args)

    def tag(self, tag: Ref, **extras: Unpack[AssignExtras]) -> int:
        """Assigns a tag to everybody found; answers how many changed."""
        return self._crm._handle.assign_where(self._for_all(), ref(tag), extras)

    def untag(self, tag: Ref, **extras: Unpack[Extras]) -> int:
        """Takes a tag off everybody found."""
        return self._crm._handle.unassign_where(self._for_all(), ref(tag), extras)

    def subscribe(self, list: Ref, **extras: Unpack[SubscribeWhereExtras]) -> int:
        """Puts everybody found on a list; who may not be is passed over."""
        return self._crm._handle.subscribe_where(self._for_all(), ref(list), extras)

    def unsubscribe(self, list: Ref, **extras: Unpack[UnsubscribeExtras]) -> int:
        """Takes everybody found off a list."""
        return self._crm._handle.unsubscribe_where(self._for_all(), ref(list), extras)

    def _title(self) -> str:
        return self._kind + (f" where {self._where}" if self._where else "")

"""One kind of thing - leads, tags, lists - with put, get, find and remove, whichever kind it is."""
from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Dict, Generic, Iterator, Mapping, Optional, Sequence, Type, TypeVar

from . import _kith
from .frames import frame_of, stream_of, tuples_of
from .query import Find
from .report import Report
from .values import Names, Ref, ref, with_refs

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from .database import Database
    from .extras import Extras

T = TypeVar("T", bound="_kith.Row")


class Kind(Generic[T]):
    """All things of one kind: `crm.leads`, `crm.tags`, `crm.kind("lead")`."""

    def __init__(self, crm: Database, name: str, row: Type[T], extras: "frozenset[str]") -> None:
        self.crm = crm
        self.name = name
        self.row = row
        self._extras = extras

    def fields_among(self, named: Mapping[str, Any]) -> Dict[str, Any]:
        """Keywords that are fields of the kind."""
        return {name: value for name, value in named.items() if name not in self._extras}

    def extras_among(self, named: Mapping[str, Any]) -> Dict[str, Any]:
        """Keywords that say more about the act: by, at, key ..., and tag and list for leads."""
        return {name: value for name, value in named.items() if name in self._extras}

    def put(self, fields: Optional[Mapping[str, Any]] = None, /, *, extras: Optional[Mapping[str, Any]] = None, **named: Any) -> T:
        """Makes one thing or changes it. Keywords are its fields, and what says more about the act (`by`, `at`,
        `key`, `tag` ...); a name that is both is the field. `extras` is for that other meaning, and a mapping of
        `fields` for names that are no keywords. Fields not named are not touched, and None clears one."""
        given = self.fields_among(named)
        if fields is not None:
            given = {**fields, **given}
        more = self.extras_among(named)
        for name in more if self.name == "lead" else ():
            if len(self.crm._handle.get("field", name, None, None)):
                raise TypeError(f"{name!r} is a custom field of this file and something that put knows: write put({{{name!r}: ...}}) for the field, "
                                f"or extras={{{name!r}: ...}} for the other")
        if extras is not None:
            more.update(extras)
        number, outcome = self.crm._handle.put(self.name, given, with_refs(more))
        return self.row._of_id(self.crm, number, outcome)

    def put_many(self, rows: Any, *, columns: Optional[Sequence[str]] = None, skip_bad: bool = False, **extras: Any) -> Report:
        """Puts many, in one transaction: dicts (or other mappings), tuples with `columns`, a DataFrame, or anything
        with `__arrow_c_stream__`. With `skip_bad` a row that fails is reported and its neighbours go on."""
        handle, flags, extras = self.crm._handle, 1 if skip_bad else 0, with_refs(extras)
        own: Any = rows
        if isinstance(own, Find) and own._crm is self.crm:
            rows = own._table()  # the database cannot read from itself while it writes
        if not isinstance(rows, (list, tuple, dict)):
            rows = frame_of(rows, columns)
            stream = stream_of(rows)
            if stream is not None:
                return Report([handle.put_stream(self.name, stream, flags, extras)])
            if hasattr(rows, "__arrow_c_array__"):
                schema, array = rows.__arrow_c_array__()
                return Report([handle.put_batch(self.name, schema, array, flags, extras)])
            if hasattr(rows, "itertuples"):  # a DataFrame without pyarrow
                columns, rows = [str(column) for column in rows.columns], tuples_of(rows)
        return Report(handle.put_many(self.name, rows, columns, skip_bad, extras))

    def get(self, name: Ref) -> Optional[T]:
        """One thing with every field, or None."""
        rows = self.crm._handle.get(self.name, ref(name), self.crm, self.row)
        found: Optional[T] = rows[0] if len(rows) else None
        return found

    def __getitem__(self, name: Ref) -> T:
        """One thing with every field; one that there is not raises NotFound."""
        found = self.get(name)
        if found is None:
            from .errors import NotFound

            raise NotFound(f"there is no {self.name} {name!r}")
        return found

    def __contains__(self, name: Ref) -> bool:
        """Whether there is one of that name."""
        return self.get(name) is not None

    def find(self, where: Optional[str] = None, *args: Any, columns: Optional[Names] = None, sort: Optional[Names] = None,
             limit: Optional[int] = None) -> Find[T]:
        """What a condition finds; docs/where.md has its language. `?` stands for the arguments, in order. `columns`
        and `sort` are names ("-created, email"); `limit` is how many rows in all."""
        return Find(self.crm, self.name, self.row, where, args, columns, sort, limit)

    def __iter__(self) -> Iterator[T]:
        """All of them, page after page."""
        return iter(self.find())

    def count(self, where: Optional[str] = None, *args: Any) -> int:
        """How many there are that meet a condition."""
        return self.find(where, *args).count()

    def rename(self, name: Ref, to: str, **extras: Unpack[Extras]) -> int:
        """Gives a definition another name; answers the event."""
        return self.crm._handle.rename(self.name, ref(name), to, extras)

    def remove(self, name: Ref, **extras: Unpack[Extras]) -> int:
        """Takes one thing away; answers the event."""
        return self.crm._handle.remove(self.name, ref(name), extras)

    def fields(self) -> "list[Any]":
        """What fields there are, custom ones included."""
        return [row for row in self.crm.schema("fields") if row["kind"] == self.name]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Kind) and self.crm is other.crm and self.name == other.name

    def __hash__(self) -> int:
        return hash((id(self.crm), self.name))

    def _repr_html_(self) -> Optional[str]:
        return self.find()._repr_html_()

    def __repr__(self) -> str:
        return f"<{self.name}s of {os.path.basename(self.crm.path) or 'memory'}>"

"""What goes in: Python's values in the terms of the library, names of things, and times."""
from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from enum import Enum
from typing import Any, Callable, Iterable, Optional, Sequence, Tuple, Union
from uuid import UUID

from . import _kith
from .errors import Invalid

Value = Any
"""What a field takes: None, bool, int, float, str, an aware datetime, a date, a timedelta, a thing, or what JSON can hold."""
When = Union[dt.datetime, int, str]
"""A time: an aware datetime, milliseconds since 1970 UTC, or RFC 3339 text."""
Now = Union[dt.datetime, int]
"""What a clock answers: an aware datetime, or milliseconds since 1970 UTC."""
Ref = Union[str, int, "_kith.Row"]
"""A thing: its name (a lead's address, "external:KEY"), its id, or the thing itself."""
Names = Union[str, Iterable[str]]

EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.timezone.utc)
MILLISECOND = dt.timedelta(milliseconds=1)


def milliseconds(value: dt.datetime, name: str = "time") -> int:
    """A time as the library has it. One without a time zone says nothing, and is refused."""
    if value.utcoffset() is None:
        raise Invalid(f"{name}: {value!r} has no time zone; write datetime.now(timezone.utc) or .astimezone()", field=name)
    return (value - EPOCH) // MILLISECOND


def plain(value: Any, name: str) -> Any:
    """Any other value as None, bool, int, float or str. The module calls it for what it does not know itself."""
    kind = type(value).__name__
    if kind in ("NaTType", "NAType"):  # what pandas writes for nothing
        return None
    if isinstance(value, dt.datetime):
        return milliseconds(value, name)
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, dt.timedelta):
        return f"{value // MILLISECOND} ms"
    if isinstance(value, _kith.Row):
        return ref(value, name)
    if isinstance(value, (dict, list, tuple, set, frozenset)):
        return json.dumps(sorted(value) if isinstance(value, (set, frozenset)) else value, ensure_ascii=False,
                          default=lambda inner: in_json(inner, name))
    if isinstance(value, Enum):
        inner = value.value
        return inner if inner is None or isinstance(inner, (bool, int, float, str)) else plain(inner, name)
    if kind == "datetime64":  # of numpy
        if str(value) == "NaT":
            return None
        raise Invalid(f"{name}: {value!r} has no time zone; write pandas.Timestamp(..., tz='UTC'), or a datetime with one", field=name)
    if kind == "timedelta64":
        return None if str(value) == "NaT" else f"{int(value.astype('timedelta64[ms]').astype('int64'))} ms"
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, Decimal):
        raise TypeError(f"{name}: money is whole minor units, as int (4900 for 49.00); {value!r} is neither that nor a float")
    if kind in ("bool_", "bool"):
        return bool(value)
    if hasattr(value, "__index__"):
        return int(value)
    if hasattr(value, "__float__"):
        return float(value)
    raise TypeError(f"{name}: {value!r} is no value that Kith can keep")


def in_json(value: Any, name: str) -> Any:
    """What JSON has no word for: times as ISO text in UTC, as JavaScript writes them."""
    if isinstance(value, dt.datetime):
        milliseconds(value, name)  # has a time zone, or is refused
        return value.astimezone(dt.timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    return plain(value, name)


def number_of(row: Any) -> int:
    """The id of a thing."""
    if row._table is not None and "id" not in row.keys():
        raise TypeError(f"this {getattr(row, '_kind', '') or 'row'} was read without its id: ask for id among the columns")
    number: int = row["id"] if row._table is not None else row.id
    return number


def with_refs(extras: Any) -> Any:
    """Extras whose tags and lists may be given as things and ids, one or several."""
    for name in ("tag", "list"):
        value = extras.get(name)
        if value is not None and not isinstance(value, str):
            one = isinstance(value, (int, _kith.Row))
            extras = {**extras, name: ref(value, name) if one else [ref(each, name) for each in value]}
    return extras


def ref(value: Any, name: str = "name") -> str:
    """How the library writes the name of a thing."""
    if isinstance(value, str):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return f"id:{value}"
    if isinstance(value, _kith.Row):
        return f"id:{number_of(value)}"
    raise TypeError(f"{name}: a name, an id or a thing is wanted, not {value!r}")


def optional_ref(value: Any, name: str = "name") -> Optional[str]:
    return None if value is None else ref(value, name)


def names(value: Optional[Names]) -> Optional[str]:
    """Names of columns, as text or one by one."""
    return value if value is None or isinstance(value, str) else ", ".join(value)


def clock(now: Callable[[], Now]) -> Callable[[], int]:
    """The host's clock in milliseconds."""

    def read() -> int:
        time = now()
        if isinstance(time, dt.datetime):
            return milliseconds(time, "now")
        if isinstance(time, int):
            return time
        raise TypeError(f"now() answers an aware datetime or milliseconds, not {time!r}")

    return read


def moment(ms: int) -> Optional[dt.datetime]:
    """A time of the library; 0 is none."""
    return EPOCH + ms * MILLISECOND if ms else None


def query(where: Optional[str], args: Sequence[Any], columns: Optional[Names] = None, sort: Optional[Names] = None,
          after: Optional[str] = None, limit: int = 0) -> Tuple[Any, ...]:
    """A kith_query, as the module takes it."""
    return (where, args, names(columns), names(sort), after, limit)

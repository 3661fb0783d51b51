"""What goes in: Python's values in the terms of the library, names of things, and times."""
from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from enum import Enum
from typing import Any, Callable, Iterable, Optional, Sequence, Tuple, Union
from uuid import UUID

from . import _kith
from .errors import Invalid, Status

Value = Any
"""What a field takes: None, bool, int, float, str, an aware datetime, a date, a timedelta, a thing, or what JSON can hold."""
When = Union[dt.datetime, int, str]
"""A time: an aware datetime, milliseconds since 1970 UTC, or RFC 3339 text."""
Ref = Union[str, int, "_kith.Row"]
"""A thing: its name (a lead's address, "external:KEY"), its id, or the thing itself."""
Names = Union[str, Iterable[str]]

EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.timezone.utc)
MILLISECOND = dt.timedelta(milliseconds=1)


def milliseconds(value: dt.datetime, name: str = "time") -> int:
    """A time as the library has it. One without a time zone says nothing, and is refused."""
    if value.utcoffset() is None:
        raise Invalid(f"{name}: {value!r} has no time zone; write datetime.now(timezone.utc) or .astimezone()", status=Status.INVALID, field=name)
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
    if isinstance(value, (dict, list, tuple)):
        return json.dumps(value, ensure_ascii=False, default=lambda inner: plain(inner, name))
    if isinstance(value, (set, frozenset)):
        return plain(sorted(value), name)
    if isinstance(value, Enum):
        return value.value
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


def ref(value: Any, name: str = "name") -> str:
    """How the library writes the name of a thing."""
    if isinstance(value, str):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return f"id:{value}"
    if isinstance(value, _kith.Row):
        number = value["id"] if value._table is not None else value.id
        return f"id:{number}"
    raise TypeError(f"{name}: a name, an id or a thing is wanted, not {value!r}")


def optional_ref(value: Any, name: str = "name") -> Optional[str]:
    return None if value is None else ref(value, name)


def names(value: Optional[Names]) -> Optional[str]:
    """Names of columns, as text or one by one."""
    return value if value is None or isinstance(value, str) else ", ".join(value)


def clock(now: Callable[[], When]) -> Callable[[], int]:
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

"""What a call that fails raises: Error, and a class below it for each status of the library."""
from __future__ import annotations

import re
from enum import IntEnum
from typing import ClassVar, Dict, Optional, Type, Union

from . import _kith


class Status(IntEnum):
    """What became of a call. A later library may know more."""

    OK = 0
    MISUSE = 1
    INVALID = 2
    NOT_FOUND = 3
    CONFLICT = 4
    REFUSED = 5
    BUSY = 6
    RETRY = 7
    CANCELLED = 8
    READ_ONLY = 9
    FULL = 10
    IO = 11
    CORRUPT = 12
    TOO_NEW = 13
    NOT_KITH = 14
    FOREIGN_SQLITE = 15
    UNSUPPORTED = 16
    LIMIT = 17
    NO_MEMORY = 18
    INTERNAL = 19


class Error(Exception):
    """A call failed, and the file is as it was before it."""

    status: Union[Status, int]
    """What to do about it: correct a value, ask again, repeat the transaction ..."""
    message: str
    """One sentence: what, and where."""
    field: str
    """The field or path at fault, or ""."""
    nearest: str
    """For an unknown name the nearest one that is known, or ""."""

    _status: ClassVar[Status] = Status.INTERNAL

    def __init__(self, message: str, *, status: Optional[int] = None, field: str = "", nearest: str = "") -> None:
        super().__init__(message)
        given = self._status if status is None else status
        try:
            self.status = Status(given)
        except ValueError:
            self.status = given
        self.message = message
        self.field = field
        self.nearest = nearest

    def __str__(self) -> str:
        return self.message

    def __repr__(self) -> str:
        parts = [repr(self.message), f"status={_kith.status_name(self.status)}"]
        parts += [f"{name}={value!r}" for name, value in (("field", self.field), ("nearest", self.nearest)) if value]
        return f"{type(self).__name__}({', '.join(parts)})"

    def __reduce__(self) -> "tuple[object, ...]":
        return _again, (type(self), int(self.status), self.message, self.field, self.nearest)


class Misuse(Error):
    """The call itself is wrong."""


class Closed(Misuse):
    """The database is closed."""


class Invalid(Error, ValueError):
    """A value is wrong; `field` says which."""


class NotFound(Error, LookupError):
    """A name that must exist does not; `nearest` may say which was meant."""


class Conflict(Error):
    """Somebody else has this address, name or key."""


class Refused(Error):
    """A rule forbids it: consent, suppression, something still in use."""


class Busy(Error):
    """Another writer held the file for too long; nothing was done."""


class Retry(Error):
    """The transaction lost a race: repeat the whole of it."""


class Cancelled(Error):
    """The call was cancelled."""


class ReadOnly(Error):
    """The file cannot be written, or was opened read-only."""


class Full(Error):
    """No space is left."""


class InputOutput(Error):
    """The operating system failed to read or write."""


class Corrupt(Error):
    """The file is damaged, or is not as Kith made it."""


class TooNew(Error):
    """A later version of Kith made the file."""


class NotKith(Error):
    """The file is something else."""


class ForeignSqlite(Error):
    """Another copy of SQLite in this process has the file open."""


class Unsupported(Error):
    """This machine or file system cannot do it."""


class Limit(Error):
    """Longer, deeper or more than Kith takes."""


class NoMemory(Error):
    """No memory is left."""


class Internal(Error):
    """A defect of Kith: please report it."""


CLASSES: Dict[int, Type[Error]] = {
    Status.MISUSE: Misuse, Status.INVALID: Invalid, Status.NOT_FOUND: NotFound, Status.CONFLICT: Conflict,
    Status.REFUSED: Refused, Status.BUSY: Busy, Status.RETRY: Retry, Status.CANCELLED: Cancelled,
    Status.READ_ONLY: ReadOnly, Status.FULL: Full, Status.IO: InputOutput, Status.CORRUPT: Corrupt,
    Status.TOO_NEW: TooNew, Status.NOT_KITH: NotKith, Status.FOREIGN_SQLITE: ForeignSqlite,
    Status.UNSUPPORTED: Unsupported, Status.LIMIT: Limit, Status.NO_MEMORY: NoMemory, Status.INTERNAL: Internal,
}


for _kind_of_status, _class in CLASSES.items():
    _class._status = Status(_kind_of_status)


def _again(kind: Type[Error], status: int, message: str, field: str, nearest: str) -> Error:
    """An error as it was, for pickle."""
    return kind(message, status=status, field=field, nearest=nearest)


def _error(status: int, message: str, field: str, nearest: str) -> Error:
    message = re.sub(r"\bkith_(sql|check|unsuppress)\b", r"crm.\1", message)  # what the library calls by the names of C
    return CLASSES.get(status, Error)(message, status=status, field=field, nearest=nearest)

"""Kith, a CRM in one file.

    import kith

    with kith.open("shop.kith") as crm:
        crm.tags.put(name="VIP-Member")
        ada = crm.leads.put(email="ada@example.com", first_name="Ada")
        ada.tag("VIP-Member")
        for lead in crm.leads.find("tag 'VIP-Member'"):
            print(lead.email)
"""
from __future__ import annotations

import datetime as _dt
import json as _json

try:
    from . import _kith
except ImportError as _error:
    import platform as _platform

    raise ImportError(
        f"kith: no module for this platform: {_platform.system()} {_platform.machine()}, {' '.join(_platform.libc_ver()) or 'unknown libc'}, "
        f"{_platform.python_implementation()} {_platform.python_version()}. Where no wheel fits, build it within a clone of Kith: "
        f"pip install ./bindings/python ({_error})") from _error

from .errors import (Busy, Cancelled, Closed, Conflict, Corrupt, Error, ForeignSqlite, Full, InputOutput, Internal, Invalid, Limit, Misuse,
                     NoMemory, NotFound, NotKith, ReadOnly, Refused, Retry, Status, TooNew, Unsupported)
from .errors import _error as _make_error
from .things import load as _load
from .things import no_field as _no_field
from .tables import Rows as _Rows
from .values import plain as _plain

__version__ = "0.1.0"

if not _kith.version() == _kith.HEADER_VERSION == __version__:
    raise ImportError(f"kith {__version__} found a module for kith.h {_kith.HEADER_VERSION} with library {_kith.version()}: install it anew")

_kith.set_hooks(_make_error, _plain, _json.loads, _dt.datetime, _dt.date, _dt.timezone.utc, _load, _no_field, Closed, _Rows)

from .csv import Csv, read_csv  # noqa: E402
from .database import Database, Erased, Ran, Transaction, open  # noqa: E402
from .kind import Kind  # noqa: E402
from .query import Find, Pages  # noqa: E402
from .report import Failure, NotTaken, Report  # noqa: E402
from .tables import Rows  # noqa: E402
from .things import Found, Permission, Record, Thing  # noqa: E402

__all__ = [
    "Busy", "Cancelled", "Closed", "Conflict", "Corrupt", "Csv", "Database", "Erased", "Error", "Failure", "Find", "ForeignSqlite", "Found", "Full",
    "InputOutput", "Internal", "Invalid", "Kind", "Limit", "Misuse", "NoMemory", "NotFound", "NotKith", "NotTaken", "Pages", "Permission", "Ran",
    "ReadOnly", "Record", "Refused", "Report", "Retry", "Rows", "Status", "Thing", "TooNew", "Transaction", "Unsupported", "open", "read_csv",
]

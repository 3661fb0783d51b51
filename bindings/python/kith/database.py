"""The open file: verbs, transactions, reading. What each verb does stands in kith.h under the same name."""
from __future__ import annotations

import datetime as dt
import os
import warnings
from threading import get_ident
from types import TracebackType
from typing import TYPE_CHECKING, Any, Callable, Dict, List, Mapping, NamedTuple, Optional, Sequence, Type, TypeVar, Union, overload

from . import _kith
from .errors import Closed, Invalid, Misuse, Retry
from .kind import Kind
from .kinds import Kinds, known
from .query import Pages
from .report import Report
from .tables import Rows
from .things import Found, Permission, Record
from .values import Now, Ref, clock, moment, optional_ref, query, ref, with_refs

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from .extras import (AssignExtras, EraseExtras, Extras, MaySendExtras, MergeExtras, PauseExtras, RecordExtras, ReportExtras,
                         SetPreferencesExtras, SubscribeExtras, SuppressExtras, TokenExtras, UnsubscribeByTokenExtras, UnsubscribeExtras,
                         UnsuppressExtras)
    from .kinds import Event

R = TypeVar("R")
READ_ONLY, MEMORY, EXISTING, NORMAL_SYNC = 1, 2, 4, 8


class Erased(NamedTuple):
    """What erase answers."""

    event: int
    """The event that was recorded."""
    pending: bool
    """A reader still holds old pages; run() finishes it."""


class Ran(NamedTuple):
    """What run answers."""

    done: int
    """How many things were due."""
    next: Optional[dt.datetime]
    """When to call again; None: nothing is waiting."""


class Transaction:
    """Everything in the `with` block happens, or nothing does."""

    def __init__(self, crm: Database) -> None:
        self._crm = crm

    def __enter__(self) -> Database:
        self._crm._handle.begin()
        self._thread = get_ident()
        return self._crm

    def __exit__(self, kind: Optional[Type[BaseException]], error: Optional[BaseException], trace: Optional[TracebackType]) -> None:
        handle = self._crm._handle
        if self._thread != get_ident():
            if not handle.closed:
                handle.abandon()
            if kind is None:
                raise Misuse("a transaction ends in the thread that began it; this one was rolled back")
            return
        if kind is None:
            try:
                handle.commit()
                return
            except BaseException:
                self._roll_back()
                raise
        self._roll_back()

    def _roll_back(self) -> None:
        try:
            self._crm._handle.rollback()
        except Closed:  # closing has undone it
            pass


class Database(Kinds):
    """A Kith file. Made by kith.open; closed by close(), or at the end of a `with` block."""

    def __init__(self, path: Union[str, "os.PathLike[str]", None], *, read_only: bool = False, memory: bool = False,
                 existing: bool = False, normal_sync: bool = False, busy: Union[float, dt.timedelta, None] = None,
                 now: Optional[Callable[[], Now]] = None) -> None:
        flags = READ_ONLY * read_only | MEMORY * memory | EXISTING * existing | NORMAL_SYNC * normal_sync
        if isinstance(busy, dt.timedelta):
            busy = busy.total_seconds()
        busy_ms = 0 if busy is None else max(1, round(busy * 1000)) if busy > 0 else -1
        self.path = "" if path is None else os.fsdecode(path)
        known()
        self._handle = _kith.Handle(None if path is None else self.path, flags, busy_ms, None if now is None else clock(now))

    # -- The file

    def close(self) -> None:
        """Rolls back what is open and closes. It waits for calls of other threads. Closing twice does nothing."""
        self._handle.close()

    @property
    def closed(self) -> bool:
        """Whether close() was called: every other call then raises Closed."""
        return self._handle.closed

    def __enter__(self) -> Database:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __del__(self, _warn: Any = warnings.warn) -> None:
        handle = getattr(self, "_handle", None)
        if handle is not None and not handle.closed:
            _warn(f"{self!r} was not closed: use `with kith.open(...)`, or close()", ResourceWarning, source=self)

    def __repr__(self) -> str:
        return f"<kith.Database {self.path!r}{', closed' if self.closed else ''}>"

    def info(self) -> Record:
        """One row about the file and the library."""
        return self._handle.info(self, Record)[0]

    def backup(self, path: Union[str, "os.PathLike[str]"]) -> None:
        """Copies the live file to a path that must not exist."""
        self._handle.backup(os.fsdecode(path))

    def check(self, *, repair: bool = False) -> List[Record]:
        """The faults of the file: none when all is well."""
        return list(self._handle.check(int(repair), self, Record))

    def compact(self) -> None:
        """Gives free pages back to the file system."""
        self._handle.compact()

    def cancel(self) -> None:
        """From another thread: the call that is running now raises Cancelled, and changes nothing."""
        self._handle.cancel()

    def schema(self, topic: str = "kinds") -> "Rows[Record]":
        """What there is: "kinds", "fields", "verbs", "events" or "predicates"."""
        return self._handle.schema(topic, self, Record)

    # -- Transactions

    @overload
    def transaction(self) -> Transaction: ...
    @overload
    def transaction(self, work: Callable[[], R], *, attempts: int = 16) -> R: ...

    def transaction(self, work: Optional[Callable[[], R]] = None, *, attempts: int = 16) -> Union[Transaction, R]:
        """`with crm.transaction():` everything in it happens, or nothing does; they nest. Given a function, it is
        called inside of one and its answer answered; when the transaction loses a race (Retry) the function is
        called again, so it must bear that. A transaction belongs to the thread that began it: calls of other threads wait
        until it ends, as long as `busy` says, and then raise Busy. So keep it short, and `await` nothing in it."""
        if work is None:
            return Transaction(self)
        while True:
            attempts -= 1
            try:
                with Transaction(self):
                    return work()
            except Retry:
                if attempts < 1 or self._handle.depth > 0:
                    raise

    # -- Leads

    def merge(self, lead: Ref, other: Ref, **extras: Unpack[MergeExtras]) -> int:
        """Makes two leads one; answers the event, by which unmerge undoes it."""
        return self._handle.merge(ref(lead, "lead"), ref(other, "other"), extras)

    def unmerge(self, merge_event: int, **extras: Unpack[Extras]) -> int:
        """Undoes a merge by its event."""
        return self._handle.unmerge(merge_event, extras)

    def duplicates(self, where: Optional[str] = None, *args: Any, limit: Optional[int] = None) -> Pages[Record]:
        """Pairs that are likely the same person: lead, other, reason, value."""
        return Pages(lambda after, size: self._handle.duplicates(query(where, args, None, None, after, size), self, Record), limit)

    def search(self, text: str, limit: int = 0) -> List[Found]:
        """Search as you type, best first: leads with id, email, first_name, last_name, company and phone."""
        return list(self._handle.search(text, limit, self, Found))

    def erase(self, lead: Ref, **extras: Unpack[EraseExtras]) -> Erased:
        """GDPR Art. 17: every personal value leaves the file."""
        pending, event = self._handle.erase(ref(lead, "lead"), extras)
        return Erased(event, bool(pending))

    def export_lead(self, lead: Ref) -> Any:
        """GDPR Art. 15 and 20: everything known about a lead, as data."""
        return _document(self._handle.export_lead(ref(lead, "lead"), self, Record))

    def consent_proof(self, lead: Ref) -> Any:
        """Every act of consent of a lead, as data."""
        return _document(self._handle.consent_proof(ref(lead, "lead"), self, Record))

    def suppress(self, target: str, **extras: Unpack[SuppressExtras]) -> int:
        """An address, a domain ("@example.com") or a phone ("tel:+46701234567") that must not be contacted."""
        return self._handle.suppress(target, extras)

    def unsuppress(self, target: str, **extras: Unpack[UnsuppressExtras]) -> int:
        """Lifts one reason."""
        return self._handle.unsuppress(target, extras)

    # -- Tags

    def assign(self, lead: Ref, tag: Ref, **extras: Unpack[AssignExtras]) -> int:
        """Assigns a tag; answers the event. For many see `crm.leads.find(...).tag(...)`."""
        return self._handle.assign(ref(lead, "lead"), ref(tag, "tag"), extras)

    def unassign(self, lead: Ref, tag: Ref, **extras: Unpack[Extras]) -> int:
        """Takes a tag off."""
        return self._handle.unassign(ref(lead, "lead"), ref(tag, "tag"), extras)

    def merge_tags(self, tag: Ref, other: Ref, **extras: Unpack[Extras]) -> int:
        """Moves every assignment of `other` to `tag` and removes `other`."""
        return self._handle.merge_tags(ref(tag, "tag"), ref(other, "other"), extras)

    # -- Lists and consent

    def subscribe(self, lead: Ref, list: Ref, **extras: Unpack[SubscribeExtras]) -> int:
        """Puts a lead on a list. For many see `crm.leads.find(...).subscribe(...)`."""
        return self._handle.subscribe(ref(lead, "lead"), ref(list, "list"), extras)

    def unsubscribe(self, lead: Ref, list: Optional[Ref] = None, **extras: Unpack[UnsubscribeExtras]) -> int:
        """Takes a lead off a list; without one, off all."""
        return self._handle.unsubscribe(ref(lead, "lead"), optional_ref(list, "list"), extras)

    def report(self, lead: Ref, what: str, list: Optional[Ref] = None, **extras: Unpack[ReportExtras]) -> int:
        """What a gateway reported: "bounced", "complained" or "delivered"."""
        return self._handle.report(ref(lead, "lead"), optional_ref(list, "list"), what, extras)

    def pause(self, lead: Ref, list: Optional[Ref] = None, **extras: Unpack[PauseExtras]) -> int:
        """No messages until a date: `until=`."""
        return self._handle.pause(ref(lead, "lead"), optional_ref(list, "list"), extras)

    def resume(self, lead: Ref, list: Optional[Ref] = None, **extras: Unpack[Extras]) -> int:
        """Ends a pause."""
        return self._handle.resume(ref(lead, "lead"), optional_ref(list, "list"), extras)

    def sms_received(self, phone: str, text: str, **extras: Unpack[Extras]) -> int:
        """An SMS that came in."""
        return self._handle.sms_received(phone, text, extras)

    def may_send(self, lead: Ref, list: Optional[Ref] = None, **extras: Unpack[MaySendExtras]) -> Permission:
        """Whether a lead may be sent something: true when it may, and `why`."""
        return self._handle.may_send(ref(lead, "lead"), optional_ref(list, "list"), extras, self, Permission)[0]

    # -- Tokens

    def token(self, lead: Ref, purpose: str, **extras: Unpack[TokenExtras]) -> Record:
        """Makes a token for a link: token, id, expires. It cannot be read again."""
        return self._handle.token(ref(lead, "lead"), purpose, with_refs(extras), self, Record)[0]

    def token_look(self, token: str) -> Optional[Record]:
        """Looks at a token and changes nothing; None for what is none."""
        rows = self._handle.token_look(token, self, Record)
        return rows[0] if len(rows) else None

    def token_revoke(self, token: Ref, **extras: Unpack[Extras]) -> int:
        """Makes a token worthless; it may be named by its id."""
        return self._handle.token_revoke(ref(token, "token"), extras)

    def confirm(self, token: str, **extras: Unpack[Extras]) -> int:
        """The lead confirms a subscription."""
        return self._handle.confirm(token, extras)

    def unsubscribe_by_token(self, token: str, **extras: Unpack[UnsubscribeByTokenExtras]) -> int:
        """One-click unsubscribe (RFC 8058)."""
        return self._handle.unsubscribe_by_token(token, extras)

    def preferences(self, token: str) -> "Rows[Record]":
        """The public lists and how the lead stands with each: list, name, description, state, paused_until."""
        return self._handle.preferences(token, self, Record)

    def set_preferences(self, token: str, lists: Mapping[str, bool], **extras: Unpack[SetPreferencesExtras]) -> int:
        """Takes the changes of a preference centre: {"News": True}. Answers how many changed."""
        return self._handle.set_preferences(token, lists, extras)

    def my_data(self, token: str) -> Any:
        """export_lead for the lead who holds a "data" token."""
        return _document(self._handle.my_data(token, self, Record))

    # -- Log and time

    def record(self, lead: Ref, kind: str, data: Any = None, **extras: Unpack[RecordExtras]) -> int:
        """Records what happened to a lead, such as "shop.cart_left"; data is what JSON can hold, or JSON text."""
        text = data if data is None or isinstance(data, str) else _json(data)
        return self._handle.record(ref(lead, "lead"), kind, text, extras)

    def record_many(self, rows: Any, *, columns: Optional[Sequence[str]] = None, skip_bad: bool = False, **extras: Any) -> Report:
        """Many at once: dicts or tuples of lead, kind, data, subject, at, by, ip, key, cause."""
        return Report(self._handle.put_many(None, rows, columns, skip_bad, extras))

    def timeline(self, lead: Ref, where: Optional[str] = None, *args: Any, limit: Optional[int] = None) -> Pages[Event]:
        """What happened to one lead, newest first."""
        name, row = ref(lead, "lead"), known()["event"].row
        return Pages(lambda after, size: self._handle.timeline(name, query(where, args, None, None, after, size), self, row), limit)

    def why(self, event: Ref) -> List[Event]:
        """The chain from an event back to what began it, the event itself first."""
        text = ref(event, "event")
        if not text.startswith("id:") or not text[3:].isdecimal():
            raise Invalid(f"event: an event is named by its id, not {event!r}", field="event")
        number = int(text[3:])
        return list(self._handle.why(number, self, known()["event"].row))

    def events_after(self, event: int = 0, limit: int = 0) -> "Rows[Event]":
        """What happened after an event, oldest first: to follow the log."""
        return self._handle.events_after(event, limit, self, known()["event"].row)

    def run(self, limit: int = 0) -> Ran:
        """Does what is due, and says how many it did and when to call again."""
        done, following = self._handle.run(limit)
        return Ran(done, moment(following))

    # -- Reading

    def sql(self, sql: str, *args: Any) -> "Rows[Record]":
        """Answers one SELECT over the documented tables; ?1, ?2 ... are the arguments. This is the way to look
        into a live file: another SQLite in the process, such as `sqlite3`, would drop its locks."""
        return self._handle.sql(sql, [(str(i), value) for i, value in enumerate(args, 1)], self, Record)


def _json(data: Any) -> str:
    from .values import plain

    text = plain(data, "data")
    if not isinstance(text, str):
        raise TypeError("data is what JSON can hold: a dict, or JSON text")
    return text


def _document(rows: "Rows[Record]") -> Any:
    return rows[0]["document"]


def open(path: Union[str, "os.PathLike[str]", None] = None, *, read_only: bool = False, memory: bool = False, existing: bool = False,
         normal_sync: bool = False, busy: Union[float, dt.timedelta, None] = None,
         now: Optional[Callable[[], Now]] = None) -> Database:
    """Opens a file, making it if need be.

    read_only    write nothing, make nothing
    memory       no file: the path is only a label
    existing     a missing file is NotFound instead of being made
    normal_sync  faster: a power cut may take the last commits, never the file
    busy         how long a writer waits for another, in seconds or as a timedelta; 0: not at all; None: 5 seconds
    now          the clock: a function that answers an aware datetime, or milliseconds; it cannot use the database
    """
    return Database(path, read_only=read_only, memory=memory, existing=existing, normal_sync=normal_sync, busy=busy, now=now)

"""Rows as objects: records, things with an id, and what leads, tags and other definitions can do. One class for each
kind is made from these in kinds.py."""
from __future__ import annotations

from difflib import get_close_matches
from html import escape
from typing import TYPE_CHECKING, Any, ClassVar, Dict, Optional, TypeVar

from . import _kith
from .display import row_html, row_text
from .values import number_of

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from .database import Database, Erased
    from .extras import (AssignExtras, EraseExtras, Extras, MaySendExtras, MergeExtras, PauseExtras, RecordExtras, ReportExtras,
                         SubscribeExtras, TokenExtras, UnsubscribeExtras)
    from .kinds import Event, Note
    from .query import Pages
    from .values import Ref

T = TypeVar("T", bound="Thing")


class Shown(_kith.Row):
    """How every row shows itself."""

    __slots__ = ()

    def __repr__(self) -> str:
        if self._table is None:  # showing something asks nothing
            return f"<{type(self).__name__} id={self.id}>"
        return row_text(type(self).__name__, self.keys(), self.values())

    def _repr_html_(self) -> str:
        if self._table is None:
            return escape(repr(self))
        return row_html(type(self).__name__, self.keys(), self.values())

    def __setattr__(self, name: str, value: object) -> None:
        how = f": write update({name}=...)" if isinstance(self, Thing) else ""
        raise AttributeError(f"{name!r} cannot be set, for a row shows what was read{how}")

    def __dir__(self) -> "list[str]":
        return [*super().__dir__(), *(self.keys() if self._table is not None else ("id",))]

    if TYPE_CHECKING:
        @property
        def id(self) -> Any: ...


class Record(Shown):
    """One row: columns are attributes, and items by name or number. It is equal to a row with the same values."""

    __slots__ = ()

    if TYPE_CHECKING:
        def __getattr__(self, name: str) -> Any: ...

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Record):
            return NotImplemented
        return self.keys() == other.keys() and self.values() == other.values()

    def __hash__(self) -> int:
        return hash((self.keys(), repr(self.values())))


class Permission(Record):
    """Whether a lead may be sent something: true when it may; `why` is a word, `detail` says more."""

    __slots__ = ()
    if TYPE_CHECKING:
        allowed: bool
        """Whether it may."""
        why: str
        """One word: "allowed", or what hinders it, such as "pending", "unsubscribed", "paused" or "suppressed"."""
        detail: Optional[str]
        """More about it, if there is more."""

    def __bool__(self) -> bool:
        return bool(self["allowed"])


class Thing(Shown):
    """A thing in the database. It shows what was read, until refresh() reads it again. Two are equal when they are
    the same thing of the same database."""

    __slots__ = ()
    _kind: ClassVar[str] = ""

    if TYPE_CHECKING:
        @property
        def id(self) -> int: ...

    @property
    def crm(self) -> Database:
        """The database that it comes from."""
        crm: Database = self._crm
        return crm

    @property
    def outcome(self) -> Optional[str]:
        """What the put that answered it did: "created", "updated" or "unchanged"; None when it was read."""
        return OUTCOMES.get(self._outcome)

    def refresh(self: T) -> T:
        """Reads it again."""
        self._replace(load(self))
        return self

    def update(self: T, fields: Optional[Dict[str, Any]] = None, /, **named: Any) -> T:
        """Changes fields, as put does, and reads it again."""
        kind = self.crm.kind(self._kind)
        kind.put({"id": self.id, **(fields or {}), **kind.fields_among(named)}, extras=kind.extras_among(named))
        return self.refresh()

    def remove(self, **extras: Unpack[Extras]) -> int:
        """Takes it away; answers the event."""
        return self.crm.kind(self._kind).remove(self.id, **extras)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Thing):
            return NotImplemented
        return self._kind == other._kind and self._crm is other._crm and number_of(self) == number_of(other)

    def __hash__(self) -> int:
        return hash((self._kind, number_of(self)))


class Definition(Thing):
    """Something with a name: a tag, a list, a category, a field ..."""

    __slots__ = ()

    def rename(self: T, to: str, **extras: Unpack[Extras]) -> T:
        """Gives it another name; what refers to it goes on doing so."""
        self.crm.kind(self._kind).rename(self.id, to, **extras)
        return self.refresh()


class TagActs(Definition):
    """What a tag can do."""

    __slots__ = ()

    def absorb(self, other: Ref, **extras: Unpack[Extras]) -> int:
        """Takes over the leads of another tag, which is removed."""
        return self.crm.merge_tags(self, other, **extras)


class LeadActs(Thing):
    """What can be done with a lead. Each answers the id of the event it recorded; 0: nothing changed."""

    __slots__ = ()

    def tag(self, tag: Ref, **extras: Unpack[AssignExtras]) -> int:
        """Assigns a tag."""
        return self.crm.assign(self, tag, **extras)

    def untag(self, tag: Ref, **extras: Unpack[Extras]) -> int:
        """Takes a tag off."""
        return self.crm.unassign(self, tag, **extras)

    def subscribe(self, list: Ref, **extras: Unpack[SubscribeExtras]) -> int:
        """Puts the lead on a list."""
        return self.crm.subscribe(self, list, **extras)

    def unsubscribe(self, list: Optional[Ref] = None, **extras: Unpack[UnsubscribeExtras]) -> int:
        """Takes the lead off a list, or off all."""
        return self.crm.unsubscribe(self, list, **extras)

    def may_send(self, list: Optional[Ref] = None, **extras: Unpack[MaySendExtras]) -> Permission:
        """Whether the lead may be sent something of a list; without one, a transactional message."""
        return self.crm.may_send(self, list, **extras)

    def report(self, what: str, list: Optional[Ref] = None, **extras: Unpack[ReportExtras]) -> int:
        """Takes in what a gateway reported: "bounced", "complained" or "delivered"."""
        return self.crm.report(self, what, list, **extras)

    def pause(self, list: Optional[Ref] = None, **extras: Unpack[PauseExtras]) -> int:
        """No messages until a date."""
        return self.crm.pause(self, list, **extras)

    def resume(self, list: Optional[Ref] = None, **extras: Unpack[Extras]) -> int:
        """Ends a pause."""
        return self.crm.resume(self, list, **extras)

    def record(self, kind: str, data: Any = None, **extras: Unpack[RecordExtras]) -> int:
        """Records what happened to the lead."""
        return self.crm.record(self, kind, data, **extras)

    def note(self, text: str, **fields: Any) -> Note:
        """Writes a note about the lead."""
        note: Note = self.crm.kind("note").put({"lead": self}, text=text, **fields)
        return note

    def timeline(self, where: Optional[str] = None, *args: Any, limit: Optional[int] = None) -> Pages[Event]:
        """What happened to the lead, newest first."""
        return self.crm.timeline(self, where, *args, limit=limit)

    def merge(self, other: Ref, **extras: Unpack[MergeExtras]) -> int:
        """Makes the two leads one."""
        return self.crm.merge(self, other, **extras)

    def token(self, purpose: str, **extras: Unpack[TokenExtras]) -> Record:
        """Makes a token for a link: token, id, expires."""
        return self.crm.token(self, purpose, **extras)

    def erase(self, **extras: Unpack[EraseExtras]) -> Erased:
        """Erases every personal value of the lead, for ever."""
        return self.crm.erase(self, **extras)

    def export(self) -> Any:
        """Everything known about the lead, as data."""
        return self.crm.export_lead(self)

    def consent_proof(self) -> Any:
        """Every act of consent of the lead, as data."""
        return self.crm.consent_proof(self)


class Found(LeadActs):
    """A lead as search finds it: with these columns alone, until refresh() reads the others."""

    __slots__ = ()
    _kind = "lead"

    if TYPE_CHECKING:
        @property
        def email(self) -> str: ...
        @property
        def first_name(self) -> Optional[str]: ...
        @property
        def last_name(self) -> Optional[str]: ...
        @property
        def company(self) -> Optional[str]: ...
        @property
        def phone(self) -> Optional[str]: ...


OUTCOMES = {0: "unchanged", 1: "created", 2: "updated", 3: "failed"}


def load(thing: Thing) -> "_kith.Rows[Any]":
    """Reads a thing by its id."""
    crm, kind, number = thing.crm, thing._kind, number_of(thing)
    rows = crm._handle.get(kind, f"id:{number}", crm, type(thing))
    if len(rows) == 0:
        from .errors import NotFound

        raise NotFound(f"{kind} id:{number} is not there any more")
    return rows


def no_field(row: Shown, name: str) -> str:
    """What is said of an attribute that a row does not have."""
    nearest = get_close_matches(name, row.keys(), 1)
    what = getattr(type(row), "_kind", "") or "row"
    return f"this {what} has no {name!r}" + (f"; did you mean {nearest[0]!r}?" if nearest else f"; it has {', '.join(row.keys())}")

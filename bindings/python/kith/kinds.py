"""The kinds that the library has, each as a class of rows and as an attribute of the database (lead: `crm.leads`).
They are made from kith_schema, so a new kind is here by itself; kinds.pyi, which is generated, tells their types."""
from __future__ import annotations

from difflib import get_close_matches
from threading import Lock
from typing import TYPE_CHECKING, Any, Dict, FrozenSet, NamedTuple, Type

from . import _kith
from .kind import Kind
from .things import Definition, LeadActs, Record, TagActs, Thing

if TYPE_CHECKING:
    from .database import Database

ACTS: Dict[str, Type[Thing]] = {"lead": LeadActs, "tag": TagActs}


class Described(NamedTuple):
    """A kind, as the schema has it."""

    name: str
    plural: str
    row: Type[Thing]
    extras: FrozenSet[str]


def plural_of(name: str) -> str:
    if name.endswith("y") and name[-2] not in "aeiou":
        return name[:-1] + "ies"
    return name + ("es" if name.endswith(("s", "x", "ch", "sh")) else "s")


def class_name(kind: str) -> str:
    return "".join(part.capitalize() for part in kind.split("_"))


def describe(handle: "_kith.Handle") -> Dict[str, Described]:
    """The kinds by name."""
    fields: Dict[str, set[str]] = {}
    for row in handle.schema("fields", None, Record):
        if not row["custom"]:
            fields.setdefault(row["kind"], set()).add(row["field"])
    extras = {row["extra"] for row in handle.schema("verbs", None, Record) if row["verb"] in (None, "put") and row["extra"]}
    _kith.set_empty_means(frozenset(row["extra"] for row in handle.schema("verbs", None, Record) if "empty:" in (row["summary"] or "")))
    every = {row["extra"] for row in handle.schema("verbs", None, Record) if row["verb"] is None}
    found = {}
    for row in handle.schema("kinds", None, Record):
        name = row["kind"]
        base = ACTS.get(name) or (Definition if row["owner"] == "definition" else Thing)
        made: Any = type(class_name(name), (base,), {"__slots__": (), "_kind": name, "__module__": __name__, "__doc__": f"{row['summary']}."})
        own = extras if name == "lead" else every
        found[name] = Described(name, plural_of(name), made, frozenset(own - fields.get(name, set())))
    return found


_known: Dict[str, Described] = {}
_plurals: Dict[str, Described] = {}
_once = Lock()


def known() -> Dict[str, Described]:
    """The kinds of this library, which are the same for every file."""
    if not _known:
        with _once:  # two threads would make two classes of a kind
            if not _known:
                handle = _kith.Handle(None, 2, 0, None)
                try:
                    found = describe(handle)
                finally:
                    handle.close()
                _plurals.update((described.plural, described) for described in found.values())
                _known.update(found)
    return _known


class Kinds:
    """The kinds as attributes: the base of Database."""

    def kind(self, name: str) -> Kind[Any]:
        """All things of one kind, by the kind's name: "lead"."""
        described = known().get(name)
        if described is None:
            from .errors import NotFound

            nearest = [*get_close_matches(str(name), known(), 1), ""][0]
            raise NotFound(f"kind: there is no kind {name!r}; there are {', '.join(known())}", field="kind", nearest=nearest)
        # Made anew each time: kept here it would hold the database that holds it.
        return Kind(self, described.name, described.row, described.extras)  # type: ignore[arg-type]

    def __getattr__(self, name: str) -> Kind[Any]:
        if not name.startswith("_"):
            known()
            described = _plurals.get(name)
            if described is not None:
                return Kind(self, described.name, described.row, described.extras)  # type: ignore[arg-type]
        nearest = get_close_matches(name, dir(self), 1)
        raise AttributeError(f"a database has no {name!r}" + (f"; did you mean {nearest[0]!r}?" if nearest else ""))

    def __dir__(self) -> "list[str]":
        return [*super().__dir__(), *(described.plural for described in known().values())]


def __getattr__(name: str) -> Any:
    for described in known().values():
        if described.row.__name__ == name:
            return described.row
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

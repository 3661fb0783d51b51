"""What put_many and record_many answer: how many of each outcome, the ids, and what failed. Counted when asked for."""
from __future__ import annotations

from collections import Counter
from typing import Any, Dict, List, NamedTuple, Sequence

from .errors import Error, _error
from .tables import Rows


class Failure(NamedTuple):
    """A row that was refused, under skip_bad."""

    row: int
    """Its number, from 0."""
    error: Error
    """Why."""


class NotTaken(NamedTuple):
    """A lead that was put, and that not every list of the call took."""

    row: int
    """Its number, from 0."""
    lists: Dict[str, str]
    """Why, by the name of the list: suppressed, unsubscribed, bounced or complained."""


class Report:
    """Row by row in the order in which they were given."""

    def __init__(self, tables: "Sequence[Rows[Any]]") -> None:
        self._tables = tables

    def _column(self, name: str) -> List[Any]:
        return [value for table in self._tables for value in table.column(name)]

    def _count(self, outcome: int) -> int:
        return sum(Counter(table.column("outcome"))[outcome] for table in self._tables)

    def __len__(self) -> int:
        return sum(len(table) for table in self._tables)

    @property
    def created(self) -> int:
        """How many were made."""
        return self._count(1)

    @property
    def updated(self) -> int:
        """How many were changed."""
        return self._count(2)

    @property
    def unchanged(self) -> int:
        """How many were as they should be."""
        return self._count(0)

    @property
    def failed(self) -> int:
        """How many were refused, under skip_bad."""
        return self._count(3)

    @property
    def ids(self) -> List[int]:
        """The id of each thing, or event; 0 for a row that failed."""
        return [value or 0 for value in self._column("id" if not self._tables or "id" in self._tables[0].names else "event")]

    @property
    def failures(self) -> List[Failure]:
        """The rows that failed, and why."""
        found, at = [], 0
        for table in self._tables:
            for row in table.dicts():
                if row["outcome"] == 3:
                    found.append(Failure(at, _error(row["status"], row["message"] or "", row["field"] or "", "")))
                at += 1
        return found

    @property
    def not_taken(self) -> List[NotTaken]:
        """The leads that were put but not taken by lists that the call named."""
        named = bool(self._tables) and "refused" in self._tables[0].names
        said = self._column("refused") if named else []
        return [NotTaken(at, lists) for at, lists in enumerate(said) if lists]

    def __repr__(self) -> str:
        shown = f"{self.created} created, {self.updated} updated, {self.unchanged} unchanged"
        return f"<{shown}, {self.failed} failed>" if self.failed else f"<{shown}>"

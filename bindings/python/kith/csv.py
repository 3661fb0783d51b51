"""Reading CSV and other delimited text, with delimiter and encoding found by looking."""
from __future__ import annotations

import os
from typing import Any, Dict, Iterator, Optional, Union

from . import _kith
from .tables import Rows
from .things import Record


class Csv:
    """The rows of a file, all text, to walk once; `line` is where a row begins."""

    def __init__(self, path: Union[str, "os.PathLike[str]"], *, delimiter: Optional[str] = None, encoding: Optional[str] = None,
                 header: bool = True) -> None:
        options: Dict[str, Any] = {}
        if delimiter is not None:
            options["delimiter"] = delimiter
        if encoding is not None:
            options["encoding"] = encoding
        if not header:
            options["header"] = 0
        self._csv = _kith.Csv(os.fsdecode(path), options)

    def read(self, limit: int = 1000) -> "Rows[Record]":
        """The next rows, at most so many; none at the end."""
        return self._csv.read(limit)

    def __iter__(self) -> Iterator[Record]:
        while True:
            rows = self.read()
            if not len(rows):
                return
            yield from rows

    @property
    def progress(self) -> float:
        """How far it has come, 0 to 1."""
        return self._csv.progress

    def close(self) -> None:
        """Closes the file; a `with` block does."""
        self._csv.close()

    def __enter__(self) -> Csv:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def read_csv(path: Union[str, "os.PathLike[str]"], *, delimiter: Optional[str] = None, encoding: Optional[str] = None,
             header: bool = True) -> Csv:
    """Opens delimited text. What is not given is found: comma, semicolon, tab or pipe; UTF-8, UTF-16, Windows-1252."""
    return Csv(path, delimiter=delimiter, encoding=encoding, header=header)

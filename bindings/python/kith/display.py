"""How rows and tables show themselves, in a console and in Jupyter. Everything from the file is escaped."""
from __future__ import annotations

from html import escape
from typing import Any, Iterable, Sequence

LONGEST = 60
MOST_ROWS = 20


def short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= LONGEST else text[: LONGEST - 3] + "..."


def row_text(name: str, names: Sequence[str], values: Sequence[Any]) -> str:
    shown = ", ".join(f"{key}={short(value)}" for key, value in zip(names, values) if value is not None)
    return f"{name}({shown})"


def cell_html(value: Any) -> str:
    return "" if value is None else escape(value if isinstance(value, str) else str(value))


def table_html(names: Sequence[str], rows: Iterable[Sequence[Any]], more: str = "") -> str:
    head = "".join(f"<th>{escape(name)}</th>" for name in names)
    body = "".join("<tr>" + "".join(f"<td>{cell_html(value)}</td>" for value in row) + "</tr>" for row in rows)
    foot = f"<p>{escape(more)}</p>" if more else ""
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{foot}"


def row_html(title: str, names: Sequence[str], values: Sequence[Any]) -> str:
    body = "".join(f"<tr><th>{escape(key)}</th><td>{cell_html(value)}</td></tr>" for key, value in zip(names, values) if value is not None)
    return f"<table><caption>{escape(title)}</caption><tbody>{body}</tbody></table>"

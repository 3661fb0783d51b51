"""Writes docs/python-reference.md: from the sources of the package what is public, its signatures and docstrings; from
kith_schema the kinds with their fields, and what each verb takes beside its things. The tests fail while it is not current.
usage: make_reference.py, with kith importable"""
import ast
import json
import pathlib
import re

import kith
from kith.kinds import class_name, known

PACKAGE = pathlib.Path(kith.__file__).parent
TOP = pathlib.Path(__file__).resolve().parents[3]
TARGET = TOP / "docs" / "python-reference.md"
ERRORS = [name for name in kith.__all__ if isinstance(getattr(kith, name), type) and issubclass(getattr(kith, name), kith.Error)]
SECTIONS = {  # what is public, in the order in which it is met
    "The package": ["open", "read_csv"],
    "The database": ["Database", "Transaction", "Ran", "Erased", "Permission"],
    "Kinds": ["Kind", "Report", "Failure", "NotTaken"],
    "What find answers": ["Find", "Pages", "Rows"],
    "Rows": ["Thing", "Record", "Found"],
    "CSV files": ["Csv"],
    "Errors": ["Error", "Status"],
}
FUNCTIONS = {function["name"][5:] for function in json.loads((TOP / "bindings" / "kith.json").read_text(encoding="utf-8"))["functions"]}


def definitions():
    """Classes and functions of the package by name; the module's own from its stub."""
    found = {}
    for path in [PACKAGE / "_kith.pyi", *sorted(PACKAGE.glob("*.py"))]:
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, (ast.ClassDef, ast.FunctionDef)):
                found[node.name if path.suffix == ".py" else "_kith." + node.name] = node
    return found


DEFINED = definitions()


def base_names(node):
    for base in node.bases:
        text = ast.unparse(base.value if isinstance(base, ast.Subscript) else base)
        yield {"Base": "_kith.Rows"}.get(text, text)


def bases_of(name):
    """The classes of the package that a class is made from: public ones are linked, others are part of it."""
    public, own = [], [DEFINED[name]]
    for base in base_names(DEFINED[name]):
        if base in kith.__all__:
            public.append(base)
        elif base == "LeadActs":
            public.append("Lead")
        elif base in DEFINED:
            more, inner = bases_of(base)
            public, own = public + more, own + inner
    return public, own


def has(node, decorator):
    return any(ast.unparse(each) == decorator for each in node.decorator_list)


def signature(node):
    given = re.sub(r"^(self|cls)(: [^,]+)?(, /)?(, )?", "", ast.unparse(node.args))
    return plain(f"{node.name}({given}) -> {ast.unparse(node.returns)}")


def plain(text):
    """Annotations without quotes, and the module's names as they are met."""
    return re.sub(r"(?<=[>:\[] )'([^']+)'|(?<=\[)'([A-Z][^']+)'", lambda found: found.group(1) or found.group(2), text).replace("_kith.Row", "Thing")


def docstring(owner, item):
    """What the source says, or, of what is written in C, the module."""
    said = ast.get_docstring(item) or getattr(getattr(owner, item.name, None), "__doc__", None) or ""
    return " ".join(said.split())


def members(name):
    """(name, signatures, what it says, its node) of all that a class has, each once. What begins and ends with __ is shown if
    something is said of it in the source."""
    owner, found, overloads = getattr(kith, name, None), {}, {}
    for node in bases_of(name)[1]:
        body = [inner for item in node.body for inner in (item.body if isinstance(item, ast.If) else [item])]  # if TYPE_CHECKING
        for at, item in enumerate(body):
            if isinstance(item, ast.AnnAssign) and not item.target.id.startswith("_"):
                after = body[at + 1] if at + 1 < len(body) else None
                said = after.value.value if isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant) else ""
                found.setdefault(item.target.id, ([f"{item.target.id}: {ast.unparse(item.annotation)}"], " ".join(said.split()), None))
            if not isinstance(item, ast.FunctionDef) or (item.name.startswith("_") and not (item.name.startswith("__") and ast.get_docstring(item))):
                continue
            shown = plain(f"{item.name}: {ast.unparse(item.returns)}") if has(item, "property") else signature(item)
            if has(item, "overload"):
                overloads.setdefault(item.name, []).append(shown)
            else:
                found.setdefault(item.name, (overloads.get(item.name, [shown]), docstring(owner, item), item))
    return [(key, *value) for key, value in found.items()]


def function_of(node, owner=""):
    """The function of kith.h that a method is: of the same name, or the one that it calls."""
    if node is None:
        return None
    called = re.search(r"(?:handle|self\.crm|self\._csv)\.(\w+)\(", ast.unparse(node))
    for name in (f"csv_{node.name}" if owner == "Csv" else node.name, called.group(1) if called else "", "begin" if node.name == "transaction" else ""):
        if name in FUNCTIONS:
            return name
    return None


def extras_table(node, verbs):
    own = re.search(r"Unpack\[(\w+)Extras\]", ast.unparse(node.args)) if node is not None else None
    rows = [row for row in verbs if own and row["extra"] and row["verb"] and class_name(row["verb"]) == own.group(1)]
    return ["| extra | what it says |", "|---|---|", *(f"| `{row['extra']}` | {row['summary']} |" for row in rows), ""] if rows else []


def entry(title, signatures, said, node, verbs):
    function = function_of(node, title.split(".")[0])
    more = f"[kith_{function}](reference.md#kith_{function}) has the rest." if function else ""
    said = said if not said or said[-1] in ".:!?" else said + "."
    text = " ".join(filter(None, (said, more)))
    return [f"### {title}", "", "```python", *signatures, "```", "", *([text, ""] if text else []), *extras_table(node, verbs)]


def whole_class(name, verbs):
    public, _ = bases_of(name)
    said = " ".join((getattr(kith, name).__doc__ or "").split())
    also = f" It has all that {' and '.join(f'`{base}`' for base in public)} has." if public else ""
    out = [f"### {name}", "", said + also, ""]
    inherited = {key for base in public if base in kith.__all__ for key, *_ in members(base)}
    for key, signatures, text, node in members(name):
        if key in inherited and node is None:
            continue
        out += entry(f"{name}.{key}", signatures, text, node, verbs)
    return out


def kind_sections(crm, verbs):
    fields = list(crm.schema("fields"))
    out = ["## The kinds", "", "Each is a `Kind` on the database, whose rows are things: `crm.leads` has leads. Custom fields of leads are beside these.", ""]
    for kind in crm.schema("kinds"):
        name, described = kind["kind"], known()[kind["kind"]]
        written = "" if kind["writable"] else " The library writes them; nobody can put."
        out += [f"### crm.{described.plural}", "", f"`{class_name(name)}`: {kind['summary']}.{written}", "", "| field | type | what it is |", "|---|---|---|"]
        for row in fields:
            if row["kind"] == name:
                options = row["options"]
                kind_of = "one of " + ", ".join(f"`{one}`" for one in options) if row["type"] == "choice" and options else row["type"]
                marks = [mark for mark, is_so in (("required", row["required"]), ("not put", not row["writable"] and row["field"] != "id"), ("only when asked for", not row["usual"])) if is_so]
                out.append(f"| `{row['field']}` | {kind_of} | {row['summary']}{' (' + ', '.join(marks) + ')' if marks else ''} |")
        out.append("")
        base = described.row.__mro__[1].__name__
        for key, signatures, said, node in members(base) if base in ("LeadActs", "TagActs") else ():
            if node in DEFINED[base].body:
                out += entry(f"{class_name(name)}.{key}", signatures, said, node, verbs)
    names = ", ".join(f"`crm.{known()[row['kind']].plural}`" for row in crm.schema("kinds") if row["owner"] == "definition")
    out += [f"What has a name - {names} - can do this as well:", ""]
    for key, signatures, said, node in members("Definition"):
        if node in DEFINED["Definition"].body:
            out += entry(f"Definition.{key}", signatures, said, node, verbs)
    return out


def text():
    with kith.open(memory=True) as crm:
        verbs = list(crm.schema("verbs"))
        put = [row for row in verbs if row["verb"] == "put" and row["extra"]]
        lines = ["# Reference of the package for Python", "",
                 "Generated by `python bindings/python/tools/make_reference.py` from the docstrings of the package and `kith_schema()`: do not edit.",
                 "[python.md](python.md) is the tutorial.", "", "Every verb that writes takes, beside its own, these extras:", "", "| extra | what it says |", "|---|---|",
                 *(f"| `{row['extra']}` | {row['summary']} |" for row in verbs if row["verb"] is None), "",
                 "and `put` and `put_many` of leads these:", "", "| extra | what it says |", "|---|---|",
                 *(f"| `{row['extra']}` | {row['summary']} |" for row in put), "",
                 "Where a thing is wanted (`Ref`), its name, its id or the thing itself will do; where a time is wanted (`When`), an aware `datetime`,",
                 "milliseconds since 1970 UTC, or RFC 3339 text.", ""]
        for title, names in SECTIONS.items():
            lines += [f"## {title}", ""]
            if title == "The package":
                lines += ["`kith.__version__` is the version of the package and of the library in it.", ""]
            for name in names:
                if isinstance(getattr(kith, name), type):
                    lines += whole_class(name, verbs)
                else:
                    lines += function_entry(name, verbs)
            if title == "Kinds":
                lines += kind_sections(crm, verbs)
            if title == "Errors":
                lines += error_table()
        missing = set(kith.__all__) - {name for names in SECTIONS.values() for name in names} - set(ERRORS)
        if missing:
            raise SystemExit(f"make_reference: nothing is said of {', '.join(sorted(missing))}: give it a place in SECTIONS")
    return "\n".join(lines).rstrip("\n") + "\n"


def function_entry(name, verbs):
    node = DEFINED[name]
    said, _, options = (ast.get_docstring(node) or "").partition("\n\n")
    out = entry(f"kith.{name}", [signature(node)], " ".join(said.split()), None, verbs)
    if options:  # a table: a name, spaces, what it does
        rows = (line.split(None, 1) for line in options.strip().split("\n"))
        out += ["| option | what it does |", "|---|---|", *(f"| `{option}` | {what.strip()} |" for option, what in rows), ""]
    return out


def error_table():
    out = ["### The classes of errors", "", "| class | status | what happened |", "|---|---|---|"]
    for name in ERRORS:
        if name != "Error":
            kind = getattr(kith, name)
            also = "".join(f", also a `{base.__name__}`" for base in kind.__bases__ if not issubclass(base, kith.Error))
            also += ", a `Misuse`" if name == "Closed" else ""
            out.append(f"| `{name}` | `{kind._status.name}` | {kind.__doc__.rstrip('.')}{also}. |")
    return [*out, "", "`kith.Status` has " + ", ".join(f"`{status.name}`" for status in kith.Status) + ".", ""]


if __name__ == "__main__":
    TARGET.write_text(text(), encoding="utf-8")

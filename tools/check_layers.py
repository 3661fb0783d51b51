#!/usr/bin/env python3
"""Fails when a file includes from a layer above its own.

The order of the layers is read from docs/architecture.md, so that page and code cannot drift apart. Also
kept here: only src/sql sees a database engine, and the examples see public headers only.
"""
import argparse
import pathlib
import re
import sys

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^">]+)[">]', re.MULTILINE)
LAYER_LINE = re.compile(r"^\s*(\w+(?: < \w+){2,})\s*$", re.MULTILINE)
PUBLIC = {"kith.h", "kith.hpp", "kith_arrow.h"}
ENGINES = {"sqlite3.h", "sqlite3ext.h", "libpq-fe.h"}
SUFFIXES = {".c", ".cpp", ".h", ".hpp"}


def read_layers(root):
    """The rank of each folder of src. The schema's texts stand below sql, which runs them."""
    page = root / "docs" / "architecture.md"
    line = LAYER_LINE.search(page.read_text(encoding="utf-8"))
    if not line:
        sys.exit(f"{page}: no line such as 'base < sql < model' that orders the layers")
    names = line.group(1).split(" < ")
    ranks = {name: 10 * place for place, name in enumerate(names)}
    ranks["schema"] = ranks["sql"] - 5
    return ranks


def includes(path):
    text = path.read_text(encoding="utf-8")
    for match in INCLUDE.finditer(text):
        yield text.count("\n", 0, match.start()) + 1, match.group(2), match.group(1) == '"'


def sources(folder):
    return sorted(p for p in folder.rglob("*") if p.suffix in SUFFIXES and "node_modules" not in p.parts)


def check_src(root, ranks):
    for path in sources(root / "src"):
        shown = path.relative_to(root)
        layer = path.relative_to(root / "src").parts[0]
        if layer not in ranks:
            yield f"{shown}: src/{layer} is no layer of docs/architecture.md"
            continue
        for line, name, quoted in includes(path):
            if name in ENGINES and layer != "sql":
                yield f"{shown}:{line}: {name} is for src/sql alone, which hides the engine"
            if not quoted or name in PUBLIC or name in ENGINES:
                continue
            target = name.split("/")[0]
            if target not in ranks:
                yield f'{shown}:{line}: "{name}" does not begin with a folder of src'
            elif ranks[target] > ranks[layer]:
                yield f'{shown}:{line}: {layer} includes "{name}", which is in a layer above it'


def check_examples(root):
    for path in sources(root / "examples"):
        for line, name, quoted in includes(path):
            if quoted and name not in PUBLIC and not (path.parent / name).exists():
                yield f'{path.relative_to(root)}:{line}: "{name}" is neither public nor the example\'s own'


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("root", nargs="?", default=pathlib.Path(__file__).parents[1], type=pathlib.Path)
    root = parser.parse_args().root.resolve()
    faults = [*check_src(root, read_layers(root)), *check_examples(root)]
    for fault in faults:
        print(fault)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
"""Derives from include/kith.h what must never differ from it: bindings/kith.json, bindings/kith.exports,
docs/reference.md, and the surface in tests/abi of the version that is not yet released, with a copy of the header.

usage: parse_header.py            write them
       parse_header.py --check    fail when one of them is not as it would be written
       parse_header.py --release 0.1
                                  freeze the surface of 0.1, on the day it is released: from then on the tests
                                  hold every change against it

Another tree is read with --root FOLDER."""
import argparse
import difflib
import json
import pathlib
import sys

import kith_surface
from kith_header import HeaderError
from kith_interface import interface, published
from kith_reference import reference


def surfaces(root):
    """Every recorded surface, oldest first."""
    files = (root / "tests" / "abi").glob("[0-9]*.json")
    recorded = [(path, json.loads(path.read_text(encoding="utf-8"))) for path in files]
    return sorted(recorded, key=lambda one: kith_surface.number(one[1]["version"]))


def compact(data, label="", indent=0):
    """JSON that diffs well: one line for what fits one, else a line a member."""
    flat = " " * indent + label + json.dumps(data, ensure_ascii=False)
    if len(flat) <= 110 or not isinstance(data, (dict, list)) or not data:
        return flat
    if isinstance(data, dict):
        parts = [compact(value, json.dumps(key) + ": ", indent + 1) for key, value in data.items()]
    else:
        parts = [compact(value, "", indent + 1) for value in data]
    opening, closing = "{}" if isinstance(data, dict) else "[]"
    return " " * indent + label + opening + "\n" + ",\n".join(parts) + "\n" + " " * indent + closing


def derived(root):
    """Every derived file with what it should hold."""
    text = (root / "include" / "kith.h").read_text(encoding="utf-8")
    model = interface(text)
    files = {
        root / "docs" / "reference.md": reference(model),
        root / "bindings" / "kith.exports": "".join(sorted(f["name"] + "\n" for f in model["functions"])),
    }
    note = "Generated from include/kith.h by tools/parse_header.py: do not edit."
    files[root / "bindings" / "kith.json"] = compact({"note": note} | published(model)) + "\n"
    for path, recorded in surfaces(root):
        if not recorded["released"]:
            # What programs of this version are compiled with in the tests, for ever.
            files[path.parent / recorded["version"] / "kith.h"] = text
            head = {"version": recorded["version"], "released": False}
            files[path] = compact(head | kith_surface.surface(model)) + "\n"
    return files


def differences(files, root):
    for path, wanted in files.items():
        found = path.read_text(encoding="utf-8") if path.exists() else ""
        if found != wanted:
            name = str(path.relative_to(root))
            yield name, "".join(list(difflib.unified_diff(found.splitlines(True), wanted.splitlines(True),
                                                          name, name + " as derived from kith.h", n=1))[:40])


def release(root, version):
    """Freezes a surface; the generator and the tests take it from there."""
    for path, recorded in surfaces(root):
        if recorded["version"] == version and not recorded["released"]:
            recorded["released"] = True
            path.write_text(compact(recorded) + "\n", encoding="utf-8")
            return 0
    print(f"there is no unreleased surface {version} in tests/abi", file=sys.stderr)
    return 1


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--release", metavar="VERSION")
    parser.add_argument("--root", type=pathlib.Path, default=pathlib.Path(__file__).resolve().parent.parent)
    options = parser.parse_args()
    try:
        files = derived(options.root)
    except HeaderError as error:
        print(error, file=sys.stderr)
        return 1
    stale = list(differences(files, options.root))
    if options.check or options.release:
        for name, difference in stale:
            print(f"{name} is not as kith.h says; run tools/parse_header.py\n{difference}", file=sys.stderr)
        if stale:
            return 1
        return release(options.root, options.release) if options.release else 0
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
"""Fails unless every public header compiles alone, twice, and beside the others, in the languages it is for,
pedantic and without a warning; and unless structs lie in memory as bindings/kith.json says.

usage: check_headers.py C-COMPILER C++-COMPILER"""
import json
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
INCLUDE = ROOT / "include"
WARNINGS = ["-pedantic", "-Wall", "-Wextra", "-Wshadow", "-Wconversion", "-Werror", "-fsyntax-only"]
C, CXX = ["c99", "c11", "c17"], ["c++11", "c++17", "c++20"]
ARROW = {"ArrowSchema": 72, "ArrowArray": 80, "ArrowArrayStream": 40}  # as published
HEADERS = {"kith.h": C + CXX, "kith_arrow.h": C + CXX, "kith.hpp": ["c++20"]}
HEADERS |= {f"kith/{path.name}": ["c++20"] for path in (INCLUDE / "kith").glob("*.hpp")}


def layouts():
    """C that compiles only if sizes and offsets are what the interface's description says."""
    lines = ["#include <kith.h>"]
    for struct in json.loads((ROOT / "bindings" / "kith.json").read_text(encoding="utf-8"))["structs"]:
        name, layout = struct["name"], struct["layout"]
        lines.append(f'_Static_assert(sizeof({name}) == {layout["size"]}, "{name}");')
        lines += [f'_Static_assert(offsetof({name}, {field}) == {at}, "{name}.{field}");'
                  for field, at in layout["offsets"].items()]
    lines.append("#include <kith_arrow.h>")
    lines += [f'_Static_assert(sizeof(struct {name}) == {size}, "{name}");' for name, size in ARROW.items()]
    return "\n".join(lines) + "\n"


def compiles(compilers, standard, text):
    cxx = standard.startswith("c++")
    with tempfile.TemporaryDirectory() as folder:
        source = pathlib.Path(folder) / ("header.cpp" if cxx else "header.c")
        source.write_text(text + "int main(void) { return 0; }\n", encoding="utf-8")
        command = [compilers[cxx], f"-std={standard}", *WARNINGS, f"-I{INCLUDE}", str(source)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        return done.returncode == 0, done.stderr


def main(*compilers):
    cases = []
    for header, standards in HEADERS.items():
        for standard in standards:
            once = f"#include <{header}>\n"
            cases.append((f"{header} as {standard}, alone and again", standard, once + once))
            others = [f"#include <{o}>\n" for o, known in HEADERS.items() if o != header and standard in known]
            cases.append((f"{header} as {standard}, after others", standard, "".join(others) + once))
            cases.append((f"{header} as {standard}, before others", standard, once + "".join(others)))
    failed = []
    for what, standard, text in cases:
        good, said = compiles(compilers, standard, text)
        if not good:
            failed.append(f"{what}:\n{said}")
    if sys.maxsize > 2**32:
        good, said = compiles(compilers, "c11", layouts())
        if not good:
            failed.append(f"layouts differ from bindings/kith.json:\n{said}")
    # A check that cannot fail proves nothing.
    if compiles(compilers, "c99", "#include <kith.h>\nkith_rows nothing;\n")[0] or not layouts().count("_Static"):
        failed.append("the gate takes what is wrong")
    if failed:
        print("\n".join(failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

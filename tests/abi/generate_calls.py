#!/usr/bin/env python3
"""Writes calls.h, the C that null_test.c is driven by: for every function of bindings/kith.json that answers a
status one wrapper that takes its arguments from an array, and what each parameter is.

Functions without a status have no common shape and are tried by hand; accessor_test.c must have each of them.

usage: generate_calls.py kith.json accessor_test.c calls.h"""
import json
import pathlib
import re
import sys

ROLES = {"handle": "HANDLE", "text": "TEXT", "query": "QUERY", "options": "OPTIONS", "fields": "FIELDS",
         "with": "FIELDS", "table": "TABLE", "count": "COUNT", "arrow_in": "ARROW_IN", "arrow_out": "ARROW_OUT",
         "flags": "FLAGS", "integer": "INTEGER", "out": "OUT", "out_integer": "OUT_INTEGER", "err": "ERR"}


def argument(at, param):
    if "*" in param["c"]:
        return f"({param['c']})a[{at}].pointer"
    return f"({param['c']})a[{at}].integer"


def main(source, by_hand, target):
    every = json.loads(pathlib.Path(source).read_text(encoding="utf-8"))["functions"]
    functions = [f for f in every if f["returns"]["role"] == "status"]
    tried = set(re.findall(r"\b(kith_\w+)\(", pathlib.Path(by_hand).read_text(encoding="utf-8")))
    missing = [f["name"] for f in every if f["returns"]["role"] != "status" and f["name"] not in tried]
    if missing:
        print(f"accessor_test.c does not try {', '.join(missing)}", file=sys.stderr)
        return 1
    out = [f"/* Generated from bindings/kith.json by {sys.argv[0].rsplit('/', 1)[-1]}. */", ""]
    for f in functions:
        arguments = ", ".join(argument(at, p) for at, p in enumerate(f["params"]))
        out += [f"static kith_status call_{f['name']}(const struct argument *a) {{",
                f"  return {f['name']}({arguments});", "}"]
    out += ["", "static const struct function functions[] = {"]
    for f in functions:
        out.append(f"  {{\"{f['name']}\", call_{f['name']}, {len(f['params'])}, {{")
        for p in f["params"]:
            optional = 1 if p.get("optional") else 0
            wide = 1 if p["c"].startswith("int64_t") else 0
            out.append(f"    {{\"{p['name']}\", {ROLES[p['role']]}, {optional}, {wide}, \"{p.get('of', '')}\"}},")
        out.append("  }},")
    out.append("};")
    with open(target, "w", encoding="utf-8") as file:
        file.write("\n".join(out) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

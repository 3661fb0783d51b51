#!/usr/bin/env python3
"""Fails when a built library shows a symbol that include/kith.h does not declare.

usage: check_exports.py kith.h library...    (shared libraries by their dynamic symbols, archives by all)
"""
import re
import subprocess
import sys

NODES = {"KITH_0", "IDN2_0.0.0"}  # the nodes of the version script, which nm lists as symbols


def shown_symbols(library):
    dynamic = [] if library.endswith(".a") else ["--dynamic"]
    command = ["nm", "--extern-only", "--defined-only", "--format=posix", *dynamic, library]
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    names = {line.split()[0].split("@")[0] for line in lines if len(line.split()) > 1}
    return names - NODES


def main(header, *libraries):
    with open(header, encoding="utf-8") as file:
        declared = set(re.findall(r"\b(kith_\w+)\(", file.read()))
    failed = False
    for library in libraries:
        names = shown_symbols(library)
        strangers = sorted(names - declared)
        if not names or strangers:
            failed = True
            print(f"{library}: shows {', '.join(strangers[:20]) if names else 'nothing'}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

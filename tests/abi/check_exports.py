#!/usr/bin/env python3
"""Fails unless a built library shows exactly the functions of kith.h, as bindings/kith.exports lists them.

usage: check_exports.py kith.exports library...    (shared libraries by their dynamic symbols, archives by all)
"""
import pathlib
import subprocess
import sys

NODES = {"KITH_0", "IDN2_0.0.0"}  # the nodes of the version script, which nm lists as symbols


def shown_symbols(library):
    dynamic = [] if library.endswith(".a") else ["--dynamic"]
    command = ["nm", "--extern-only", "--defined-only", "--format=posix", *dynamic, library]
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    names = {line.split()[0].split("@")[0] for line in lines if len(line.split()) > 1}
    return names - NODES


def main(exports, *libraries):
    declared = set(pathlib.Path(exports).read_text(encoding="utf-8").split())
    failed = not declared or not libraries
    for library in libraries:
        shown = shown_symbols(library)
        faults = [f"{what} {', '.join(sorted(names)[:20])}"
                  for what, names in (("lacks", declared - shown), ("shows", shown - declared)) if names]
        if faults:
            failed = True
            print(f"{library}: {'; '.join(faults)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

#!/usr/bin/env python3
"""Fails when a function of bindings/kith.json is neither used by the C++ wrapper nor listed here with a reason."""
import json
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
LEFT_OUT = {
    "kith_error_status": "the status that a call returns is the authoritative one",
}


def used_in(code):
    return set(re.findall(r"\bkith_\w+", re.sub(r"//.*", "", code)))


def main():
    names = {f["name"] for f in json.loads((ROOT / "bindings" / "kith.json").read_text(encoding="utf-8"))["functions"]}
    headers = [ROOT / "include" / "kith.hpp", *sorted((ROOT / "include" / "kith").glob("*.hpp"))]
    used = used_in("\n".join(path.read_text(encoding="utf-8") for path in headers))
    faults = [f"{name} has no counterpart in kith.hpp" for name in sorted(names - used - set(LEFT_OUT))]
    faults += [f"{name} is listed as left out, and is used or no function" for name in LEFT_OUT
               if name in used or name not in names]
    # A gate that cannot fail proves nothing.
    if used_in("// kith_put\ncall(kith_get);") != {"kith_get"} or not names:
        faults.append("the gate itself is broken")
    for fault in faults:
        print(fault)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())

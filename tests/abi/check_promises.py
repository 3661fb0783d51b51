#!/usr/bin/env python3
"""Fails when bindings/kith.json breaks what a surface recorded in tests/abi promises: every name still there, with
the same signature, value or layout; and no name that claims to be older than it is."""
import json
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))

import kith_surface  # noqa: E402


def main():
    model = json.loads((ROOT / "bindings" / "kith.json").read_text(encoding="utf-8"))
    recorded = sorted((ROOT / "tests" / "abi").glob("[0-9]*.json"))
    if not recorded:
        print("tests/abi holds no surface to compare with")
        return 1
    found = []
    for path in recorded:
        released = json.loads(path.read_text(encoding="utf-8"))
        if not released["functions"]:
            found.append(f"{path.name} promises nothing")
        found += [f"{path.name}: {one}" for one in kith_surface.breaks(released, kith_surface.surface(model))]
        if released["released"]:
            found += kith_surface.untimely(released["version"], released, model)
    if found:
        print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())

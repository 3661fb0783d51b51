#!/usr/bin/env python3
"""Fails when the binary interface breaks what a dump tests/abi/VERSION.abi promises, by the judgement of abidiff.

The dumps are abidw's, of a library that has every function of the header and nothing inside, compiled for debugging: so
they hold all types that callers see and none of ours. Compared are today's header, compiled so, and the symbols of
today's library. Until a version is released (tests/abi/VERSION.json says so) its dump must be today's exactly.

usage: check_abi.py C-COMPILER LIBRARY    compare; exit code 77 when abidiff is not installed
       check_abi.py C-COMPILER --write    make the dumps of what is not yet released anew"""
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
HERE = ROOT / "tests" / "abi"
SKIPPED = 77
SONAME = "libkith.so.0"
DUMP = ["abidw", "--no-corpus-path", "--no-comp-dir-path", "--no-show-locs", "--no-architecture"]


def run(command, cwd=None):
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=cwd)


def hollow(compiler, header, functions, target):
    """The library without an inside."""
    lines = [f'#include "{header.name}"']
    for function in functions:
        parameters = ", ".join(declared(p, at) for at, p in enumerate(function["params"])) or "void"
        returns = function["returns"]["c"]
        value = "" if returns == "void" else " return 0;"
        lines.append(f"{returns} {function['name']}({parameters}) {{{value}}}")
    source = target.with_suffix(".c")
    source.write_text("\n".join(lines) + "\n", encoding="utf-8")
    done = run([compiler, "-std=c11", "-g", "-O0", "-w", "-shared", "-fPIC", f"-I{header.parent}", f"-Wl,-soname,{SONAME}",
                source.name, "-o", target.name], cwd=target.parent)
    if done.returncode:
        raise SystemExit(done.stderr)
    return target


def declared(parameter, at):
    c = parameter["c"]
    return f"{c}p{at}" if c.endswith("*") else f"{c} p{at}"


def differs(old, new, *options):
    """What abidiff has to say; "" when nothing."""
    done = run(["abidiff", "--no-show-locs", "--no-architecture", *options, str(old), str(new)])
    if done.returncode and not done.stdout.strip() + done.stderr.strip():
        return f"abidiff ends with {done.returncode}"
    return (done.stdout + done.stderr).strip() if done.returncode else ""


def main(compiler, library):
    if not shutil.which("abidiff") or not shutil.which("abidw"):
        print("skipped: abidiff and abidw are not installed (Debian's abigail-tools)")
        return SKIPPED
    functions = json.loads((ROOT / "bindings" / "kith.json").read_text(encoding="utf-8"))["functions"]
    header = ROOT / "include" / "kith.h"
    found = []
    with tempfile.TemporaryDirectory() as folder:
        today = hollow(compiler, header, functions, pathlib.Path(folder) / "today.so")
        for surface in sorted(HERE.glob("[0-9]*.json")):
            recorded = json.loads(surface.read_text(encoding="utf-8"))
            dump = surface.with_suffix(".abi")
            if library == "--write":
                if not recorded["released"]:
                    dump.write_text(run([*DUMP, str(today)]).stdout, encoding="utf-8")
                continue
            options = ["--no-added-syms"] if recorded["released"] else []
            said = differs(dump, today, *options)
            if said and not recorded["released"]:
                said += f"\n{dump.name} is that of an unreleased version: make it anew with check_abi.py CC --write"
            found += [f"{dump.name} and include/kith.h: {said}"] if said else []
            said = differs(dump, library, "--no-added-syms")
            found += [f"{dump.name} and {library}: {said}"] if said else []
        if library != "--write":
            found += blind(compiler, header, functions, pathlib.Path(folder), today)
    if found:
        print("\n\n".join(found))
    return 1 if found else 0


def blind(compiler, header, functions, folder, today):
    """A gate that cannot fail proves nothing: what it does not see of three breaks."""
    text = header.read_text(encoding="utf-8")
    other = folder / "broken" / "kith.h"
    other.parent.mkdir()
    missed = []
    breaks = {"a member is taken out of kith_options": text.replace("  int32_t busy_ms;", "  "),
              "kith_field.integer gets smaller": text.replace("  int64_t integer;", "  int32_t integer;")}
    for what, changed in breaks.items():
        other.write_text(changed, encoding="utf-8")
        if changed == text or not differs(today, hollow(compiler, other, functions, folder / "broken.so"), "--no-added-syms"):
            missed.append(f"the gate does not see that {what}")
    if not differs(today, hollow(compiler, header, functions[1:], folder / "fewer.so"), "--no-added-syms"):
        missed.append("the gate does not see that a function is gone")
    if differs(hollow(compiler, header, functions[1:], folder / "older.so"), today, "--no-added-syms"):
        missed.append("the gate does not let a function be added")
    return missed


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

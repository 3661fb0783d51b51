#!/usr/bin/env python3
"""What the tests reach: the branches of each layer, and every place where the library fails on purpose.

usage: coverage.py BUILD [--least PERCENT] [--missed FILE]

BUILD is a build of the preset `coverage`. Runs its test programs, and prints a line a layer and one for each failure that
no test has brought about; ends with 1 when of a layer's branches fewer than PERCENT (90) are taken, or a failure is not
reached. --missed, after such a run, lists the branches of one source that are not taken."""
import argparse
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys

SOURCE = pathlib.Path(__file__).resolve().parent.parent
LAYERS = ("base", "sql", "model", "segment", "domain")
FAILS = re.compile(r"(?<![\w.>])(?:fail(?:_\w+)?\(|throw \w)")
DECLARED = re.compile(r"^\s*(?:\[\[noreturn\]\]|void|static|template|inline)|^\S.*\{$")
# The tests that are programs; the faults are tried at fewer points than usual.
PROGRAM = re.compile(r"kith_\w*tests|abi_\w+_test|capi_\w+_test")
# How a line says that no test can have it run, and why.
UNREACHED = "// not tested:"


def run(programs, profiles):
    shutil.rmtree(profiles, ignore_errors=True)
    profiles.mkdir()
    environment = dict(os.environ, LLVM_PROFILE_FILE=str(profiles / "%p-%m.profraw"))
    environment.setdefault("KITH_FAULT_POINTS", "200")
    for program in programs:
        if subprocess.run([program], env=environment, stdout=subprocess.DEVNULL).returncode != 0:
            sys.exit(f"coverage: {program.name} fails")


def counted(programs, profiles):
    """What llvm-cov exports of each source below src/."""
    merged = profiles / "all.profdata"
    subprocess.run(["llvm-profdata", "merge", "-sparse", *map(str, profiles.glob("*.profraw")), "-o", merged], check=True)
    objects = [part for program in programs[1:] for part in ("-object", program)]
    export = subprocess.run(["llvm-cov", "export", "-instr-profile", merged, programs[0], *objects],
                            check=True, stdout=subprocess.PIPE).stdout
    files = json.loads(export)["data"][0]["files"]
    paths = [(pathlib.Path(os.path.normpath(file["filename"])), file) for file in files]
    return {str(path.relative_to(SOURCE)): file for path, file in paths if path.is_relative_to(SOURCE / "src")}


def count_at(segments, line, column):
    """How often a place ran; None where nothing is counted."""
    count = None
    for at_line, at_column, times, has_count, *_ in segments:
        if (at_line, at_column) > (line, column):
            break
        count = times if has_count else None
    return count


def failures(files):
    """Every place that fails on purpose: its file, line and text, and how often it ran."""
    for name, file in sorted(files.items()):
        for number, line in enumerate((SOURCE / name).read_text(encoding="utf-8").splitlines(), 1):
            code = line.split("//")[0]
            found = FAILS.search(code)
            if not found or DECLARED.search(code) or UNREACHED in line:
                continue
            times = count_at(file["segments"], number, found.start() + 1)
            if times is not None:
                yield name, number, line.strip(), times


def missed(file):
    seen = {}
    for line, column, _, _, true, false, *_ in file["branches"]:
        taken = seen.setdefault((line, column), [0, 0])
        taken[0] += true
        taken[1] += false
    return {place: taken for place, taken in seen.items() if 0 in taken}


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--least", type=float, default=90)
    parser.add_argument("--missed", metavar="FILE")
    arguments = parser.parse_args()
    build = arguments.build.resolve()
    programs = sorted(path for path in (build / "tests").rglob("*") if PROGRAM.fullmatch(path.name))
    if not programs:
        sys.exit(f"coverage: there are no tests in {build}")
    # What holds the library: it is linked into the first, and the C programs use the shared one.
    counting = [path for path in programs if path.name.startswith("kith_")] + [build / "libkith.so"]
    profiles = build / "profiles"
    if not arguments.missed:
        run(programs, profiles)
    files = counted(counting, profiles)
    if arguments.missed:
        for (line, column), (true, false) in sorted(missed(files[arguments.missed]).items()):
            print(f"{arguments.missed}:{line}:{column}: {true} times true, {false} times false")
        return 0
    bad = 0
    for layer in LAYERS:
        of_layer = [file["summary"]["branches"] for name, file in files.items() if name.startswith(f"src/{layer}/")]
        total = sum(branches["count"] for branches in of_layer)
        share = 100 * sum(branches["covered"] for branches in of_layer) / total
        low = share < arguments.least
        bad += low
        print(f"{layer:8} {share:5.1f}% of {total} branches{', too few' if low else ''}")
    places = list(failures(files))
    for name, number, text, times in places:
        if times == 0:
            bad += 1
            print(f"{name}:{number}: no test brings about: {text}")
    print(f"{sum(place[3] > 0 for place in places)} of {len(places)} failures are brought about by a test")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())

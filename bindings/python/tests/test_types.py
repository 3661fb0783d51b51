"""The types: generated ones are current, mypy --strict and pyright pass a program as users write it, and refuse what
is wrong."""
import os
import pathlib
import re
import subprocess
import sys

import kith
from conftest import SOURCE

HERE = pathlib.Path(__file__).parent
PACKAGE = pathlib.Path(kith.__file__).parent
ENVIRONMENT = {**os.environ, "MYPY_CACHE_DIR": os.devnull}


def tool(*words):
    return subprocess.run([sys.executable, "-m", *words], capture_output=True, text=True, timeout=250, env=ENVIRONMENT, cwd=PACKAGE.parents[3])


def test_generated_types_are_current():
    sys.path.insert(0, str(HERE.parent / "tools"))
    try:
        import generate_types
    finally:
        sys.path.pop(0)
    for file, text in generate_types.texts().items():
        assert (SOURCE / "bindings" / "python" / "kith" / file).read_text(encoding="utf-8") == text, (
            f"{file} is not current: run bindings/python/tools/generate_types.py bindings/python/kith")


def test_mypy():
    for target in ([str(PACKAGE)], [str(HERE / "typed.py")], [str(SOURCE / "examples" / "python" / "signup.py")]):
        told = tool("mypy", "--strict", *target)
        assert told.returncode == 0, told.stdout + told.stderr


def wanted():
    lines = (HERE / "mistyped.py").read_text(encoding="utf-8").split("\n")
    return {number: line.rsplit("# ", 1)[1] for number, line in enumerate(lines, 1) if "  # " in line}


def test_mypy_refuses():
    told = tool("mypy", "--strict", str(HERE / "mistyped.py"))
    found = {int(line): code for line, code in re.findall(r"mistyped\.py:(\d+): error: .*\[([a-z-]+)\]", told.stdout)}
    assert found == wanted() and found


def test_pyright():
    told = tool("pyright", "--pythonpath", sys.executable, str(PACKAGE), str(HERE / "typed.py"), str(SOURCE / "examples" / "python" / "signup.py"))
    assert told.returncode == 0 and "0 errors" in told.stdout, told.stdout + told.stderr
    told = tool("pyright", "--pythonpath", sys.executable, str(HERE / "mistyped.py"))
    assert told.returncode == 1 and f"{len(wanted())} errors" in told.stdout, told.stdout


def test_the_typed_program_runs():
    subprocess.run([sys.executable, str(HERE / "typed.py")], check=True, timeout=60)

"""The types: generated ones are current, mypy --strict and pyright pass a program as users write it, and refuse what
is wrong; and what the built module needs and shows."""
import os
import pathlib
import platform
import re
import shutil
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
    for target in ([str(PACKAGE)], [str(HERE / "typed.py")]):
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
    told = tool("pyright", "--pythonpath", sys.executable, str(PACKAGE), str(HERE / "typed.py"))
    assert told.returncode == 0 and "0 errors" in told.stdout, told.stdout + told.stderr
    told = tool("pyright", "--pythonpath", sys.executable, str(HERE / "mistyped.py"))
    assert told.returncode == 1 and f"{len(wanted())} errors" in told.stdout, told.stdout


def test_the_typed_program_runs():
    subprocess.run([sys.executable, str(HERE / "typed.py")], check=True, timeout=60)


def module():
    return next(path for path in PACKAGE.iterdir() if path.name.startswith("_kith.") and path.suffix == ".so")


def test_the_module_shows_one_name():
    path = module()
    shown = subprocess.run(["nm", "-D", "--defined-only", path], capture_output=True, text=True, check=True).stdout.split()
    assert shown[2::3] == ["PyInit__kith"], shown


def test_the_module_needs_glibc_alone():
    path = module()
    needed = re.findall(r"NEEDED\s+(\S+)", subprocess.run(["objdump", "-p", path], capture_output=True, text=True, check=True).stdout)
    assert set(needed) <= {"libc.so.6", "libm.so.6", "ld-linux-x86-64.so.2", "ld-linux-aarch64.so.1"}, needed
    assert path.name.endswith(".abi3.so")


def test_an_import_that_fails_names_the_platform(tmp_path):
    """The package without its module, as on a platform that no wheel is for."""
    shutil.copytree(PACKAGE, tmp_path / "kith", ignore=shutil.ignore_patterns("*.so", "__pycache__"))
    told = subprocess.run([sys.executable, "-c", "import kith"], cwd=tmp_path, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": str(tmp_path)})
    assert told.returncode == 1 and platform.machine() in told.stderr and "glibc" in told.stderr and "pip install" in told.stderr, told.stderr


def test_another_library_is_refused(tmp_path):
    shutil.copytree(PACKAGE, tmp_path / "kith", ignore=shutil.ignore_patterns("__pycache__"))
    init = tmp_path / "kith" / "__init__.py"
    init.write_text(init.read_text(encoding="utf-8").replace('__version__ = "', '__version__ = "9'), encoding="utf-8")
    told = subprocess.run([sys.executable, "-c", "import kith"], cwd=tmp_path, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": str(tmp_path)})
    assert told.returncode == 1 and "install it anew" in told.stderr, told.stderr

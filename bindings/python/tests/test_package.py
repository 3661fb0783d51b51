"""The wheel: what the module in it needs and shows, its tag, its notices, and what an import says that cannot succeed."""
import importlib.metadata
import os
import pathlib
import platform
import re
import shutil
import subprocess
import sys

import kith
from conftest import SOURCE

PACKAGE = pathlib.Path(kith.__file__).parent
WHEEL = importlib.metadata.distribution("kith")


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


def test_the_tag_is_that_of_the_oldest_glibc():
    """One wheel a platform, for every Python from 3.9 on; and the tutorial names the glibc that it is for."""
    needed = subprocess.run(["objdump", "-T", module()], capture_output=True, text=True, check=True).stdout
    oldest = max(tuple(map(int, version)) for version in re.findall(r"\(GLIBC_(\d+)\.(\d+)", needed))
    [tag] = re.findall(r"^Tag: (.*)$", WHEEL.read_text("WHEEL"), re.M)
    assert tag == f"cp39-abi3-manylinux_{oldest[0]}_{oldest[1]}_{platform.machine()}"
    for page in ("docs/python.md", "docs/node.md"):
        assert f"glibc {oldest[0]}.{oldest[1]} or newer" in (SOURCE / page).read_text(encoding="utf-8"), page


def test_the_notices_are_inside():
    about = WHEEL.metadata
    assert about["License-Expression"] == "MIT"
    listed = about.get_all("License-File")
    assert set(listed) == {"LICENSE", "THIRD_PARTY.md", *(f"licenses/{path.name}" for path in (SOURCE / "bindings/node/licenses").iterdir())}
    text = {name: WHEEL.read_text(f"licenses/{name}") for name in listed}
    assert text["LICENSE"] == (SOURCE / "LICENSE").read_text(encoding="utf-8") and all(text.values())
    for name in re.findall(r"`(licenses/[^`]+)`", text["THIRD_PARTY.md"]):
        assert name in listed
    for what in ("SQLite", "libidn2", "libunistring", "SHA-2 of libmd", "{fmt}", "JSON for Modern C++"):
        assert f"| {what} |" in text["THIRD_PARTY.md"], what


def test_nothing_else_is_in_it():
    """No tests, no sources, no scripts; and it asks for no other package."""
    paths = {str(path) for path in WHEEL.files if "__pycache__" not in path.parts}
    assert all(path.startswith(("kith/", "kith-")) and path.rsplit(".", 1)[-1] not in ("cpp", "h") for path in paths), paths
    assert "kith/py.typed" in paths and WHEEL.requires is None and not WHEEL.entry_points

"""The build backend: scikit-build-core, after what lies outside of this folder was brought in. Every wheel gets the
notices of what is linked into it; a source package gets the library's sources and SQLite's, and so builds by itself."""
import pathlib
import shutil
import subprocess

from scikit_build_core import build
from scikit_build_core.build import *  # noqa: F403

HERE = pathlib.Path(__file__).resolve().parents[1]
TOP = HERE.parents[1]
NOTICES = {"LICENSE": "LICENSE", "THIRD_PARTY.md": "bindings/node/THIRD_PARTY.md", "licenses": "bindings/node/licenses"}
LIBRARY = ["CMakeLists.txt", "LICENSE", "cmake", "include", "src", "tools/get_sqlite.sh", "bindings/kith.json", "bindings/kith.exports", ".deps/sqlite3"]


def copy(source, target):
    if source.is_dir():
        shutil.copytree(source, target, dirs_exist_ok=True)
    else:
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, target)


def is_clone():
    return (TOP / "include" / "kith.h").exists() and (TOP / "bindings" / "python").resolve() == HERE


if is_clone():
    for name, source in NOTICES.items():
        copy(TOP / source, HERE / name)


def build_sdist(sdist_directory, config_settings=None):
    if not is_clone():
        return build.build_sdist(sdist_directory, config_settings)
    subprocess.run(["sh", "tools/get_sqlite.sh"], cwd=TOP, check=True)
    carried = HERE / "libkith"
    shutil.rmtree(carried, ignore_errors=True)
    try:
        for name in LIBRARY:
            copy(TOP / name, carried / name)
        return build.build_sdist(sdist_directory, config_settings)
    finally:
        shutil.rmtree(carried)

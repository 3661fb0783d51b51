"""What the README promises of a fresh clone: `pip install ./bindings/python` builds the package, in an environment that has
nothing, and what it installs works by itself. The same of a source package. usage: clone.py SOURCE FOLDER WHEELS, the last
what pip wants for the build, for it may be that no registry is in reach"""
import glob
import os
import shutil
import subprocess
import sys
import tarfile
import venv

TRIED = "import kith; crm = kith.open('x.kith'); assert crm.leads.put(email='ada@example.com').outcome == 'created'"


def run(*words, **options):
    print("+", *words, flush=True)
    subprocess.run(words, check=True, **options)


def lay_clone(source, clone):
    """The files of a clone, as they are now; .deps is shared, so that SQLite is not fetched twice."""
    listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard", "-z"], cwd=source, check=True, capture_output=True, text=True)
    for name in filter(None, listed.stdout.split("\0")):
        if os.path.lexists(os.path.join(source, name)):
            os.makedirs(os.path.dirname(os.path.join(clone, name)), exist_ok=True)
            shutil.copy(os.path.join(source, name), os.path.join(clone, name), follow_symlinks=False)
    os.symlink(os.path.join(source, ".deps"), os.path.join(clone, ".deps"))


def as_the_main_build(folder):
    """Settings with which ccache knows the library again: its warnings, the compiler's usual name, paths from a place as deep."""
    settings = {"CC": "cc", "CXX": "c++", **os.environ, "CMAKE_ARGS": "-DKITH_WERROR=ON", "CCACHE_BASEDIR": folder, "CCACHE_NOHASHDIR": "1"}
    if shutil.which("ccache"):
        settings.update(CMAKE_C_COMPILER_LAUNCHER="ccache", CMAKE_CXX_COMPILER_LAUNCHER="ccache")
    return settings


def install(what, place, environment):
    venv.create(place, with_pip=True)
    python = os.path.join(place, "bin", "python")
    run(python, "-m", "pip", "install", "--disable-pip-version-check", "--no-cache-dir", what, env=environment, cwd=os.path.dirname(place))
    return python


def try_out(python, place):
    os.makedirs(place)
    run(python, "-I", "-c", TRIED, cwd=place)


def main(source, folder, wheels):
    shutil.rmtree(folder, ignore_errors=True)
    clone = os.path.join(folder, "clone")
    os.makedirs(clone)
    lay_clone(source, clone)
    temporary = os.path.join(folder, "tmp")
    os.makedirs(temporary)
    environment = {**as_the_main_build(folder), "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": wheels, "TMPDIR": temporary}
    python = install(os.path.join(clone, "bindings", "python"), os.path.join(folder, "venv"),
                     {**environment, "SKBUILD_BUILD_DIR": os.path.join(clone, "build", "python")})
    source_package = os.path.join(folder, "sdist")
    run(sys.executable, "-c", f"import backend; backend.build_sdist({source_package!r})", cwd=os.path.join(clone, "bindings", "python"),
        env={**os.environ, "PYTHONPATH": "tools"})
    shutil.rmtree(clone)
    try_out(python, os.path.join(folder, "empty"))
    [package] = glob.glob(os.path.join(source_package, "*.tar.gz"))
    with tarfile.open(package) as archive:
        names = archive.getnames()
        assert any(name.endswith("/libkith/include/kith.h") for name in names) and any(name.endswith("/THIRD_PARTY.md") for name in names)
        assert not any("/tests/" in name or "/build/" in name for name in names), names
    python = install(package, os.path.join(folder, "other"), {**environment, "SKBUILD_BUILD_DIR": "libkith/build/python"})
    try_out(python, os.path.join(folder, "empty too"))


if __name__ == "__main__":
    main(*map(os.path.abspath, sys.argv[1:]))

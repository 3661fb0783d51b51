"""Makes the wheel as it is published, and installs it alone into an empty environment: what the tests then import is the
built artefact. usage: install.py SOURCE BUILD [ARCHIVE]"""
import glob
import os
import shutil
import subprocess
import sys


def run(*words, **options):
    print("+", *words, flush=True)
    subprocess.run(words, check=True, **options)


def main(source, build, archive=None):
    package = os.path.join(source, "bindings", "python")
    work = os.path.join(build, "python")
    shutil.rmtree(work, ignore_errors=True)
    os.makedirs(work)
    # With the archive of the main build; the long programme compiles the library for the package, as a user's pip does.
    settings = {"build-dir": os.path.join(work, "build")}
    if archive and not os.environ.get("KITH_CHECK"):
        settings["cmake.define.KITH_ARCHIVE"] = archive
    ccache = shutil.which("ccache")
    for language in ("C", "CXX") if ccache else ():
        settings[f"cmake.define.CMAKE_{language}_COMPILER_LAUNCHER"] = ccache
    sys.path.insert(0, os.path.join(package, "tools"))
    from make_wheel import make_wheel

    wheel = make_wheel(work, [f"{name}={value}" for name, value in settings.items()], isolation=False)
    venv = os.path.join(work, "venv")
    run(sys.executable, "-m", "venv", venv)
    python = os.path.join(venv, "bin", "python")
    run(python, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps", wheel)
    # As its user meets it: nothing but the package, in a folder of nothing.
    empty = os.path.join(work, "empty")
    os.makedirs(empty)
    program = "import kith; crm = kith.open('x.kith'); crm.leads.put(email='ada@example.com'); assert crm.leads.count() == 1"
    run(python, "-I", "-c", program, cwd=empty)
    # From here on the tools of the tests may be found as well, after everything of its own.
    [site] = glob.glob(os.path.join(venv, "lib", "python*", "site-packages"))
    tools = subprocess.run([sys.executable, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], check=True, capture_output=True, text=True)
    with open(os.path.join(site, "tools.pth"), "w", encoding="utf-8") as file:
        file.write(tools.stdout)


if __name__ == "__main__":
    main(*map(os.path.abspath, sys.argv[1:]))

"""One wheel serves every Python from 3.9 on: it is installed into each that this machine has, and used there. The long
programme also runs the tests there that need little else. usage: versions.py SOURCE BUILD"""
import glob
import os
import shutil
import subprocess
import sys
import sysconfig

TRIED = """
import datetime, json, sys, threading, kith
with kith.open('x.kith') as crm:
    crm.tags.put(name='VIP')
    ada = crm.leads.put(email='ada@example.com', first_name='Ada', birth_date=datetime.date(1815, 12, 10))
    ada.tag('VIP')
    assert [lead.birth_date.year for lead in crm.leads.find("tag 'VIP' and first_name = ?", 'Ada')] == [1815]
    assert crm.leads.put_many({'email': f'p{i}@example.com', 'city': None} for i in range(500)).created == 500
    thread = threading.Thread(target=lambda: crm.transaction(lambda: crm.record(ada, 'shop.looked', {'page': 1})))
    thread.start()
    thread.join()
    assert crm.leads.count() == 501 and ada.timeline().first().data == {'page': 1} and ada.created.tzinfo
    try:
        ada.tag('VPI')
    except kith.NotFound as error:
        assert error.nearest == 'VIP'
    assert 'Ada' in repr(crm.leads.find()) and '<table>' in crm.leads.find()._repr_html_()
print('%d.%d' % sys.version_info[:2])
"""
# What needs no other packages than pytest and numpy.
TESTS = ["file", "interface", "leads", "people", "scenarios", "threads", "turns"]


def pythons():
    """The executables by version, but for the one that the other tests use."""
    places = [*os.environ.get("PATH", "").split(os.pathsep)]
    places += glob.glob(os.path.join(os.environ.get("PYENV_ROOT") or os.path.expanduser("~/.pyenv"), "versions", "*", "bin"))
    places += glob.glob(os.path.expanduser("~/.local/share/uv/python/*/bin"))
    found = {}
    for place in places:
        for path in sorted(glob.glob(os.path.join(place, "python3.*"))):
            asked = "import sys, venv; print(sys.implementation.name, sys.version_info >= (3, 9), '%d.%d' % sys.version_info[:2])"
            name = os.path.basename(path)
            if not name[len("python3."):].isdigit():
                continue
            told = subprocess.run([path, "-I", "-c", asked], capture_output=True, text=True)
            if told.returncode == 0 and told.stdout.startswith("cpython True "):
                found.setdefault(told.stdout.split()[2], path)
    found.pop("%d.%d" % sys.version_info[:2], None)
    return found


def main(source, build):
    [wheel] = glob.glob(os.path.join(build, "python", "*.whl"))
    folder = os.path.join(build, "python-versions")
    shutil.rmtree(folder, ignore_errors=True)
    tried = []
    for version, path in sorted(pythons().items(), key=lambda each: int(each[0][2:])):
        venv, empty = os.path.join(folder, version), os.path.join(folder, version + " empty")
        subprocess.run([path, "-m", "venv", "--without-pip", venv], check=True)
        python = os.path.join(venv, "bin", "python")
        pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", python, "install", "--quiet"]
        subprocess.run([*pip, "--no-index", wheel], check=True)
        os.makedirs(empty)
        told = subprocess.run([python, "-I", "-c", TRIED], check=True, capture_output=True, text=True, cwd=empty)
        assert told.stdout.split() == [version], told
        if os.environ.get("KITH_CHECK"):
            subprocess.run([*pip, "pytest", "numpy"], check=True)
            tests = os.path.join(source, "bindings", "python", "tests")
            files = [os.path.join(tests, f"test_{name}.py") for name in TESTS]
            environment = {**os.environ, "KITH_SOURCE": source, "PYTHONDONTWRITEBYTECODE": "1"}
            subprocess.run([python, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", tests, *files], check=True, cwd=empty, env=environment)
        tried.append(version)
    print(f"the wheel made with {sysconfig.get_python_version()} works in {', '.join(tried) or 'no other: this machine has none'}")
    return 0 if tried else 77


if __name__ == "__main__":
    sys.exit(main(*map(os.path.abspath, sys.argv[1:])))

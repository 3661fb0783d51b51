"""What people read is run: docs/python.md, the README of the package, and the Python of the repository's README. And the
reference is current, and lacks nothing."""
import re
import sys

import kith
import pytest
from conftest import SOURCE

PAGES = ["docs/python.md", "bindings/python/README.md", "README.md"]


@pytest.mark.parametrize("page", PAGES)
def test_the_examples_run(page, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    blocks = re.findall(r"```python\n(.*?)```", (SOURCE / page).read_text(encoding="utf-8"), re.S)
    assert blocks
    exec(compile("\n".join(blocks), page, "exec"), {"__name__": "__main__"})
    said = capsys.readouterr().out
    for block in blocks:
        for promised in re.findall(r"print\(.*\) +# (.*)", block):
            if "who left" not in promised:
                assert promised in said, promised


def test_the_warning_is_bold():
    for page in ("docs/python.md", "bindings/python/README.md"):
        text = " ".join((SOURCE / page).read_text(encoding="utf-8").split())
        assert re.search(r"\*\*Do not open a live Kith file with `sqlite3`[^*]*\*\*", text), page


def reference():
    return (SOURCE / "docs" / "python-reference.md").read_text(encoding="utf-8")


def test_the_reference_is_current():
    sys.path.insert(0, str(SOURCE / "bindings" / "python" / "tools"))
    try:
        import make_reference
    finally:
        sys.path.pop(0)
    assert make_reference.text() == reference(), "run bindings/python/tools/make_reference.py"


def test_the_reference_lacks_nothing(crm):
    """Looked up in the package as it is at run time, not where the reference comes from."""
    text = reference()
    titles = set(re.findall(r"^### (\S+)$", text, re.M))
    kinds = {name: getattr(crm, name) for name in dir(crm) if isinstance(getattr(crm, name), kith.Kind)}
    assert kinds and {f"crm.{name}" for name in kinds} | {"kith.open", "kith.read_csv"} <= titles
    classes = [thing for thing in (getattr(kith, name) for name in kith.__all__) if isinstance(thing, type)]
    for error in classes:
        if issubclass(error, kith.Error) and error is not kith.Error:
            assert f"| `{error.__name__}` | `{error._status.name}` |" in text, error
            classes = [thing for thing in classes if thing is not error]
    of_others = {name for kind in (Exception, tuple, int) for name in dir(kind)}
    lacking = []
    for thing in classes + [kind.row for kind in kinds.values()]:
        owners = {"Lead", *(base.__name__ for base in thing.__mro__)}  # what is found is a lead in what it does
        public = {name for name in dir(thing) if not name.startswith("_")} - of_others - set(kinds) - {status.name for status in kith.Status}
        lacking += [f"{thing.__name__}.{name}" for name in public if not any(f"{owner}.{name}" in titles for owner in owners)]
    assert not lacking and all(thing.__name__ in titles for thing in classes), lacking


def test_every_link_of_the_reference_leads_somewhere():
    there = set(re.findall(r'(?:^#+ |name="|id=")(kith_\w+)', (SOURCE / "docs" / "reference.md").read_text(encoding="utf-8"), re.M))
    linked = set(re.findall(r"reference\.md#(kith_\w+)", reference()))
    assert linked and linked <= there, linked - there

"""What people read is run: docs/python.md, the README of the package, and the Python of the repository's README."""
import re

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

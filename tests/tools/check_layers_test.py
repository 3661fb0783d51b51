"""check_layers.py passes a sound tree and names each kind of fault planted in one."""
import pathlib
import subprocess
import sys
import tempfile
import unittest

TOOL = pathlib.Path(__file__).parents[2] / "tools" / "check_layers.py"


class CheckLayers(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.root = pathlib.Path(self.folder.name)
        self.write("docs/architecture.md", "# Layers\n\n    base < sql < model\n")
        self.write("src/base/text.h", "#include <string>\n")
        self.write("src/schema/schema.h", "")
        self.write("src/sql/migrate.cpp", '#include "schema/schema.h"\n#include "base/text.h"\n')
        self.write("src/model/kind.cpp", '#include "model/kind.h"\n#include "sql/migrate.h"\n#include "kith.h"\n')

    def tearDown(self):
        self.folder.cleanup()

    def write(self, name, text):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def check(self):
        return subprocess.run([sys.executable, TOOL, self.root], capture_output=True, text=True, check=False)

    def assert_refused(self, *words):
        done = self.check()
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        self.assertEqual(len(done.stdout.splitlines()), 1, done.stdout)
        for word in words:
            self.assertIn(word, done.stdout)

    def test_sound_tree(self):
        done = self.check()
        self.assertEqual((done.returncode, done.stdout), (0, ""))

    def test_upward_include(self):
        self.write("src/sql/db.cpp", '#include "base/text.h"\n  #  include "model/kind.h"\n')
        self.assert_refused("src/sql/db.cpp:2", "model/kind.h")

    def test_schema_is_below_sql(self):
        self.write("src/schema/schema.cpp", '#include "sql/migrate.h"\n')
        self.assert_refused("src/schema/schema.cpp:1")

    def test_unknown_folder(self):
        self.write("src/misc/a.cpp", "")
        self.assert_refused("src/misc")

    def test_include_without_folder(self):
        self.write("src/model/a.cpp", '#include "kind.h"\n')
        self.assert_refused("src/model/a.cpp:1", '"kind.h"')

    def test_engine_outside_sql(self):
        self.write("src/sql/db.cpp", '#include "sqlite3.h"\n')
        self.write("src/model/a.cpp", "#include <sqlite3.h>\n")
        self.assert_refused("src/model/a.cpp:1", "sqlite3.h")

    def test_example_that_looks_inside(self):
        self.write("examples/c/shop.c", '#include "base/text.h"\n')
        self.assert_refused("examples/c/shop.c:1")

    def test_no_layer_line(self):
        self.write("docs/architecture.md", "# Layers\n")
        self.assertNotEqual(self.check().returncode, 0)


if __name__ == "__main__":
    unittest.main()

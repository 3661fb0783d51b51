"""What docs/reliability.md names as holding a promise is there: every file, folder and tag of tests."""
import pathlib
import re
import unittest

ROOT = pathlib.Path(__file__).parents[2]
TEXT = (ROOT / "docs/reliability.md").read_text(encoding="utf-8")


class ReliabilityDoc(unittest.TestCase):
    def test_what_is_named_is_there(self):
        named = set(re.findall(r"`((?:tests|docs|tools)/[\w./-]+)`", TEXT))
        self.assertGreater(len(named), 15)
        self.assertEqual([], sorted(path for path in named if not (ROOT / path).exists()))

    def test_tags_are_used(self):
        tests = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("*_test.cpp"))
        tags = set(re.findall(r"`(\[\w+\])`", TEXT))
        self.assertTrue(tags)
        self.assertEqual([], sorted(tag for tag in tags if tag not in tests))

    def test_every_promise_names_what_holds_it(self):
        rows = [line for line in TEXT.splitlines() if line.startswith("| ") and not line.startswith("| promise")]
        self.assertGreater(len(rows), 20)
        for row in rows:
            cells = [cell.strip() for cell in row.strip("|").split("|")]
            self.assertEqual(3, len(cells), row)
            self.assertTrue(cells[1], row)

    def test_faults_are_tried_as_often_as_it_says(self):
        sources = {path.name: path.read_text(encoding="utf-8").replace("'", "") for path in (ROOT / "tests").rglob("*_test.cpp")}
        for file, figure in (("kill_test.cpp", 2000), ("io_test.cpp", 8000), ("memory_test.cpp", 15000), ("recovery_test.cpp", 2000)):
            self.assertIn(f"budget({figure},", sources[file], file)
            self.assertRegex(TEXT, rf"{file}`.*\| {figure:,} ")
        self.assertEqual(2, sources["power_test.cpp"].count("budget(5000,"))
        self.assertIn("| 10,000 images |", TEXT)


if __name__ == "__main__":
    unittest.main()

"""docs/events.md describes every kind of event that the library records by itself, with its subject, and no other."""
import pathlib
import re
import unittest

ROOT = pathlib.Path(__file__).parents[2]


def in_source():
    text = (ROOT / "src/model/event_kinds.cpp").read_text(encoding="utf-8")
    found = re.findall(r'\{EventKind::\w+,\s*"([a-z_.]+)",\s*"([a-z_]*)",', text)
    return dict(found), len(found)


def in_docs():
    text = (ROOT / "docs/events.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([a-z_.]+)` \| ([a-z_]+) \| ([^|]+) \| ([^|]+) \|$", text, re.M)
    return rows, sum(line.startswith("| `") for line in text.splitlines())


class EventsDoc(unittest.TestCase):
    def test_every_kind_stands_once_with_its_subject(self):
        kinds, entries = in_source()
        self.assertGreater(entries, 40)
        self.assertEqual(entries, len(kinds), "a name is there twice")
        rows, lines = in_docs()
        self.assertEqual(lines, len(rows), "a row of the tables is not of their form")
        self.assertEqual(len(rows), len({row[0] for row in rows}), "a kind is described twice")
        described = {name: "" if subject == "none" else subject for name, subject, _, _ in rows}
        self.assertEqual(kinds, described)

    def test_the_enumeration_is_described_whole(self):
        header = (ROOT / "src/model/event_kinds.h").read_text(encoding="utf-8")
        body = re.search(r"enum class EventKind[^{]*\{(.*?)\};", header, re.S).group(1)
        self.assertEqual(len(re.findall(r"^\s*\w+ = \d+,", body, re.M)), in_source()[1])


if __name__ == "__main__":
    unittest.main()

"""The extras that kith_schema lists with each verb are those that its C function takes."""
import pathlib
import re
import unittest

ROOT = pathlib.Path(__file__).parents[2]
STRINGS = r'\{((?:\s*"[a-z_]+"\s*,?)*)\}'


def strings(text):
    return re.findall(r'"([a-z_]+)"', text)


def described():
    """Each verb of core/verbs.cpp with the names of its extras."""
    text = (ROOT / "src/core/verbs.cpp").read_text(encoding="utf-8")
    names = {name: extra for name, extra in re.findall(r'constexpr VerbExtra (\w+) = \{"(\w+)"', text)}

    def extras(body):
        parts = re.findall(r'\{"(\w+)"|of_put\[(\d+)\]|\b(\w+)\b(?=\s*[,}]|$)', re.sub(r'(\{"\w+"),\s*"[^"]*",\s*"[^"]*"\}', r"\1}", body))
        return [quoted or (of_put[int(place)] if place else names[name]) for quoted, place, name in parts]

    of_put = []
    of_put = extras(re.search(r"of_put\[\] = \{(.*?)\n\};", text, re.S).group(1))
    table = re.search(r"const Verb verbs\[\] = \{\n(.*?)\n\};", text, re.S).group(1)
    verbs = {}
    for entry in re.findall(r'^    \{"(\w+)",\s*\{(.*?)\}\},$', table, re.M | re.S):
        verbs[entry[0]] = extras(entry[1])
    assert len(verbs) == len(re.findall(r'^    \{"', table, re.M)), "an entry of the table was not understood"
    return verbs


def taken():
    """Each C function that takes `with`, with the extras that it passes on."""
    put = (ROOT / "src/core/put.cpp").read_text(encoding="utf-8")
    of_lead = strings(re.search(r"of_lead = " + STRINGS, put).group(1))
    found = {}
    for path in sorted((ROOT / "src/capi").glob("*.cpp")):
        if path.name == "csv.cpp":  # a reader of files, not a verb
            continue
        text = path.read_text(encoding="utf-8")
        for part in re.split(r"^(?=kith_status kith_)", text, flags=re.M)[1:]:
            name = re.match(r"kith_status kith_(\w+)\(", part).group(1)
            head = part[: part.index("{")]
            body = part[part.index("{"):]
            if "with_count" not in head:
                continue
            if "put_extras(" in body:
                found[name] = of_lead
                continue
            if "erase(db->database" in body:  # the erasure needs the connection afterwards: core writes
                body = (ROOT / "src/core/erasure.cpp").read_text(encoding="utf-8").replace(".write(with, ", ".write(extras, ")
            own = re.search(r"(?:with_count, |\.write\(extras, |Extras extra\(extras, )" + STRINGS, body)
            assert own, f"{path.name}: the extras of kith_{name} were not found"
            found[name] = strings(own.group(1))
    return found


class Verbs(unittest.TestCase):
    def test_the_table_and_the_functions_agree(self):
        table = described()
        functions = taken()
        self.assertGreater(len(functions), 20)
        for verb, extras in functions.items():
            with self.subTest(verb=verb):
                self.assertIn(verb, table)
                self.assertEqual(sorted(extras), sorted(table[verb]))

    def test_every_verb_is_a_function_of_the_header(self):
        header = (ROOT / "include/kith.h").read_text(encoding="utf-8")
        for verb in described():
            with self.subTest(verb=verb):
                self.assertRegex(header, rf"KITH_API kith_status kith_{verb}\(")


if __name__ == "__main__":
    unittest.main()

"""The forms of answers: table, tab-separated, CSV, JSON, JSON lines; what is cut, and that it is said."""
import csv
import io
import json
import os
import unittest

from support import COMMAND, CliTest, main

NASTY = 'tab\tline\nback\\slash "quoted", comma'


def on_terminal(test, *words, **environment):
    """What the command writes when standard output is a terminal of 80 columns."""
    import fcntl
    import pty
    import struct
    import subprocess
    import termios
    leader, follower = pty.openpty()
    fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    env = {**test.environment, "TERM": "xterm", **environment}
    process = subprocess.Popen([COMMAND, *words], cwd=test.folder, env=env, stdin=subprocess.DEVNULL, stdout=follower,
                               stderr=subprocess.PIPE)
    os.close(follower)
    chunks = []
    try:
        while True:
            chunk = os.read(leader, 65536)
            if not chunk:
                break
            chunks.append(chunk)
    except OSError:  # the other end has gone
        pass
    os.close(leader)
    process.communicate()
    test.assertEqual(process.returncode, 0)
    return b"".join(chunks).decode().replace("\r\n", "\n")


class Forms(CliTest):
    def setUp(self):
        super().setUp()
        self.sample()

    def test_tab_separated_is_the_default_elsewhere(self):
        self.assertEqual(self.kith("find", "lead", "--columns", "id,email,last_name"),
                         "id\temail\tlast_name\n1\tada@example.com\tLovelace\n2\tbob@example.com\t\n")
        self.assertEqual(self.kith("find", "lead", "--columns", "id", "--no-header"), "1\n2\n")

    def test_tab_separated_escapes(self):
        self.kith("note", "1", NASTY)
        self.assertEqual(self.kith("find", "note", "--columns", "text", "--no-header"),
                         'tab\\tline\\nback\\\\slash "quoted", comma\n')

    def test_csv(self):
        self.kith("note", "1", NASTY)
        text = self.kith("find", "note", "--columns", "id,text,author", "--csv")
        self.assertTrue(text.endswith("\r\n"))
        self.assertEqual(list(csv.reader(io.StringIO(text, newline=""))),
                         [["id", "text", "author"], ["1", NASTY, ""]])

    def test_csv_tells_empty_text_from_null(self):
        text = self.kith("sql", "SELECT '' AS a, NULL AS b, ' x' AS c", "--csv")
        self.assertEqual(text, 'a,b,c\r\n"",," x"\r\n')

    def test_defuse(self):
        values = ["=1+1", "+1-2", "-x", "@SUM(A1)", "\tx", "\rx", "+46 70 123", "plain", "-5"]
        sql = "SELECT " + ", ".join("?%d AS c%d" % (i + 1, i) for i in range(len(values))) + ", -5 AS number"
        args = [word for value in values for word in ("--arg", value)]
        plain = next(csv.reader(io.StringIO(self.kith("sql", sql, *args, "--csv", "--no-header"), newline="")))
        self.assertEqual(plain, values + ["-5"])
        safe = next(csv.reader(io.StringIO(self.kith("sql", sql, *args, "--csv", "--no-header", "--defuse"), newline="")))
        self.assertEqual(safe, ["'=1+1", "'+1-2", "'-x", "'@SUM(A1)", "'\tx", "'\rx", "+46 70 123", "plain", "-5", "-5"])

    def test_json_is_typed(self):
        lead = self.json("get", "lead", "1")
        self.assertEqual((lead["id"], lead["score"], lead["first_name"], lead["middle_name"]), (1, 0, "Ada", None))
        self.assertEqual(lead["created"], "2026-10-16T12:00:00.000Z")
        self.assertIs(self.json("get", "list", "News")["visible"], True)
        self.kith("record", "1", "shop.order", '{"total": 90, "items": ["a", {"b": null}]}')
        event = self.json("log", "1", "--limit", "1")[0]
        self.assertEqual(event["data"], {"total": 90, "items": ["a", {"b": None}]})
        self.assertEqual(self.json("sql", "SELECT 0.1 AS r, 1e300 * 1e300 AS inf, 'x\"\\\n\u0001' AS t"),
                         [{"r": 0.1, "inf": None, "t": 'x"\\\n\u0001'}])

    def test_json_shapes(self):
        self.assertEqual([lead["id"] for lead in self.json("find", "lead")], [1, 2])
        self.assertEqual(self.json("find", "lead", "--where", "tag 'Nordic'"), [])
        lines = self.kith("find", "lead", "--jsonl").splitlines()
        self.assertEqual([json.loads(line)["id"] for line in lines], [1, 2])
        self.assertEqual(self.kith("find", "lead", "--where", "tag 'Nordic'", "--jsonl"), "")
        self.assertEqual(json.loads(self.kith("get", "lead", "1", "--jsonl"))["id"], 1)
        self.assertEqual(self.json("tag", "assign", "1", "VIP"), {"event": 0, "changed": False})
        self.assertEqual(self.json("tag", "assign", "--where", "tag 'VIP'", "Nordic"), {"changed": 1})

    def test_json_has_no_name_twice(self):
        text = self.kith("sql", "SELECT 1 AS a, 2 AS a, 3 AS b", "--json")
        self.assertEqual(json.loads(text), [{"a": 1, "a:1": 2, "b": 3}])

    def test_every_form_can_be_the_default(self):
        for form, begin in (("table", "id  email"), ("tsv", "id\temail"), ("csv", "id,email"), ("json", "[\n"),
                            ("jsonl", '{"id": 1')):
            text = self.kith("find", "lead", "--columns", "id,email", KITH_OUTPUT=form)
            self.assertTrue(text.startswith(begin), (form, text))
        self.assertIn("table, tsv, csv, json, jsonl", self.refused("find", "lead", code=2, KITH_OUTPUT="xml"))

    def test_unknown_column(self):
        self.refused("find", "lead", "--columns", "id,nome")
        self.assertIn("there are", self.refused("info", "--columns", "nome", code=2))

    def test_many_pages(self):
        self.write("many.csv", "Email\n" + "".join("p%d@example.com\n" % i for i in range(2500)))
        self.kith("import", "many.csv")
        for form, count in (("tsv", 2503), ("csv", 2503), ("jsonl", 2502)):
            self.assertEqual(len(self.kith("find", "lead", "--" + form).splitlines()), count, form)
        ids = [lead["id"] for lead in self.json("find", "lead", "--columns", "id")]
        self.assertEqual(len(set(ids)), 2502)
        self.assertEqual(len(self.json("find", "lead", "--limit", "1500")), 1500)
        table = self.kith("find", "lead", "--table").splitlines()
        self.assertIn("(the first 50 of 2,502 rows; --limit N shows more, --limit 0 all)", table)
        self.assertGreater(len(self.kith("find", "lead", "--table", "--limit", "0").splitlines()), 2502)
        self.assertEqual(len(self.json("events", "--limit", "0")), len(self.json("events")))
        self.assertIn("rows; --limit", self.kith("events", "--table"))


class Tables(CliTest):
    def setUp(self):
        super().setUp()
        self.sample()

    def test_aligned(self):
        self.assertEqual(self.kith("find", "lead", "--table", "--columns", "id,email,first_name,country"),
                         "id  email            first_name  country\n"
                         " 1  ada@example.com  Ada         SE\n"
                         " 2  bob@example.com  Bob         US\n")

    def test_wide_characters(self):
        self.kith("put", "lead", "id=1", "first_name=愛子", "last_name=é́x")
        self.kith("put", "lead", "id=2", "last_name=Byron")
        lines = self.kith("find", "lead", "--table", "--columns", "first_name,last_name").splitlines()
        self.assertEqual(lines, ["first_name  last_name", "愛子        é́x", "Bob         Byron"])

    def test_fits_and_says_what_is_cut(self):
        self.kith("put", "lead", "id=1", "company=" + "x" * 100)
        for width in ("40", "80", "200"):
            lines = self.kith("find", "lead", "--table", COLUMNS=width).splitlines()
            self.assertTrue(all(len(line) <= int(width) for line in lines[:3]), (width, lines))
            self.assertIn("--full shows all)", lines[-1])
        narrow = self.kith("find", "lead", "--table", COLUMNS="40")
        self.assertIn("no room for ", narrow)
        cut = self.kith("find", "lead", "--table", "--columns", "id,company", COLUMNS="40")
        self.assertIn("…", cut)
        self.assertIn("(1 cell shortened; --columns picks some, --full shows all)", cut)
        full = self.kith("find", "lead", "--table", "--full", COLUMNS="40")
        self.assertIn("x" * 100, full)
        self.assertNotIn("--full", full)

    def test_empty(self):
        self.assertEqual(self.kith("find", "lead", "--where", "tag 'Nordic'", "--table"), "(no rows)\n")
        self.assertEqual(self.kith("sql", "SELECT NULL AS a, NULL AS b", "--table").splitlines()[0], "a")

    def test_cells_do_no_harm(self):
        evil = "\x1b[2Jgone\x07 \u202etxt.exe\u0085 line\nbreak"
        self.kith("note", "1", evil)
        text = self.kith("find", "note", "--columns", "text", "--table", COLUMNS="200")
        self.assertEqual(text.splitlines()[1], "\\x1b[2Jgone\\x07 \\u202etxt.exe\\x85 line\\nbreak")
        self.assertEqual(self.json("find", "note")[0]["text"], evil)
        self.assertNotIn("\x1b", self.refused("get", "lead", "\x1b[2J@example.com"))

    def test_a_terminal_is_not_steered_in_any_form(self):
        evil = "\x1b]0;title\x07\x1b[2J\u202ecod.exe\u009b1m\x7f\rover"
        self.kith("note", "1", evil)
        for form, shown in (("table", "\\x1b]0;title"), ("tsv", "\\x1b]0;title"), ("csv", "\\x1b]0;title"), ("json", "\\u001b]0;title"),
                            ("jsonl", "\\u001b]0;title")):
            for words in (["find", "note", "--columns", "text"], ["sql", "SELECT text AS \"a\x1b[2Jb\", 1 AS n FROM note"]):
                text = on_terminal(self, *words, "--" + form, NO_COLOR="1", COLUMNS="200")
                self.assertIn(shown, text, form)
                left = [c for c in text.replace("\r\n", "\n") if (ord(c) < 32 and c not in "\n\t") or 127 <= ord(c) < 160 or c == "\u202e"]
                self.assertEqual(left, [], (form, text))
                if form == "json":
                    self.assertEqual(list(json.loads(text)[0].values())[0], evil)
        for words in (["export-lead", "1"], ["profile", "1", "--json"], ["find", "event", "--columns", "data", "--json"]):
            text = on_terminal(self, *words)
            self.assertFalse({"\x1b", "\x7f", "\u009b", "\u202e"} & set(text), text)
            json.loads(text)
        # Elsewhere nothing is changed.
        self.assertEqual(self.kith("find", "note", "--columns", "text", "--no-header"), evil.replace("\r", "\\r") + "\n")
        self.assertEqual(next(csv.reader(io.StringIO(self.kith("find", "note", "--columns", "text", "--csv", "--no-header"), newline=""))), [evil])

    def test_one_thing(self):
        lines = self.kith("get", "lead", "1", "--table").splitlines()
        self.assertIn("email       ada@example.com", lines)
        self.assertIn("created     2026-10-16 12:00:00Z", lines)
        self.assertRegex(lines[-1], r"^\(\d+ empty fields not shown; --full shows all\)$")

    def test_one_thing_fits_too(self):
        note = "Was very pleased with the order of last week, 愛子 says, and asks for " + "x" * 60
        self.kith("note", "1", note)
        lines = self.kith("get", "note", "1", "--table", COLUMNS="40").splitlines()
        self.assertTrue(all(len(line) <= 40 for line in lines[:-1]), lines)
        self.assertEqual(lines[2], "text     Was very pleased with the order")
        self.assertEqual(lines[3], "         of last week, 愛子 says, and")
        self.assertIn("text     " + note, self.kith("get", "note", "1", "--table", "--full", COLUMNS="40").splitlines())

    def test_what_is_left_out_is_said(self):
        self.write("many.csv", "Email,First Name\n" + "".join("p%d@example.com,Pat\n" % i for i in range(30)))
        self.kith("import", "many.csv")
        table = self.kith("search", "pat", "--table").splitlines()
        self.assertEqual((len(table), table[-1]), (23, "(the best 20; --limit N shows more, at most 1,000)"))
        done = self.run_kith("search", "pat")
        self.assertEqual((len(done.stdout.splitlines()), done.stderr[:13]), (21, b"(the best 20;"))
        self.assertEqual(len(self.json("search", "pat", "--limit", "25")), 25)
        self.assertEqual(self.run_kith("search", "p29@example.com").stderr, b"")
        for i in range(12):
            self.kith("record", "1", "shop.visited")
        self.assertIn('(the latest 10; --events N shows more, "kith log" all)', self.kith("profile", "1").splitlines())
        self.assertNotIn("the latest", self.kith("profile", "2"))
        self.assertNotIn("--columns", self.kith("profile", "1", COLUMNS="40"))
        self.assertIn("--columns picks none", self.refused("profile", "1", "--columns", "email", code=2))

    def test_a_kind_of_event_that_never_was(self):
        self.assertIn('did you mean "tag.assigned"?', self.kith("log", "1", "--kind", "tag.asigned", "--table"))
        self.kith("record", "1", "shop.visited")
        self.assertEqual(self.kith("log", "2", "--kind", "shop.visited", "--table"), "(no rows)\n")

    def test_terminal(self):
        text = on_terminal(self, "find", "lead", "--columns", "id,email")
        self.assertEqual(text, "\x1b[1mid  email\x1b[0m\n 1  ada@example.com\n 2  bob@example.com\n")
        self.assertNotIn("\x1b", on_terminal(self, "find", "lead", NO_COLOR="1"))
        self.assertIn("\x1b", on_terminal(self, "find", "lead", NO_COLOR=""))
        self.assertNotIn("\x1b", on_terminal(self, "find", "lead", TERM="dumb"))
        self.assertNotIn("\x1b", on_terminal(self, "find", "lead", "--json"))
        wide = on_terminal(self, "find", "lead", NO_COLOR="1").splitlines()
        self.assertTrue(all(len(line) <= 80 for line in wide[:3]), wide)


if __name__ == "__main__":
    main()

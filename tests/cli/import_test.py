"""Importing CSV: where columns go, what is counted, what becomes of bad rows, and that memory does not grow."""
import csv
import io
import os
import subprocess
import sys
import unittest

from support import COMMAND, SOURCE, CliTest, main

LEADS = """First Name,Last Name,Email 1,Phone 1,Phone 2,Shoe Size,Internal Note
Ada,Lovelace,ada@example.com,+46 70 174 06 05,+46 70 174 06 06,38,first
Grace,Hopper,grace@example.com,,,,
"""


class Import(CliTest):
    def setUp(self):
        super().setUp()
        self.kith("init")

    def counts(self, *words, code=0):
        result = self.json("import", *words, code=code)
        return tuple(result[key] for key in ("rows", "created", "updated", "unchanged", "rejected"))

    def lead(self, name):
        return self.json("get", "lead", name)

    def test_columns_of_like_name(self):
        self.kith("put", "field", "key=shoe_size", "label=Shoe size", "type=integer")
        self.write("leads.csv", LEADS)
        self.assertEqual(self.counts("leads.csv"), (2, 2, 0, 0, 0))
        ada = self.lead("ada@example.com")
        self.assertEqual((ada["first_name"], ada["phone"], ada["phone2"], ada["shoe_size"]),
                         ("Ada", "+46 70 174 06 05", "+46 70 174 06 06", 38))

    def test_says_what_is_not_taken(self):
        self.write("leads.csv", LEADS)
        text = self.kith("import", "leads.csv")
        self.assertEqual(text, 'not taken: Shoe Size, Internal Note (--map "COLUMN=FIELD" takes one)\n'
                               "2 rows: 2 created, 0 updated, 0 unchanged, 0 rejected\n")

    def test_progress_is_shown_on_a_terminal_only(self):
        import fcntl
        import pty
        import struct
        import termios
        self.write("many.csv", "Email\n" + "".join("p%d@example.com\n" % i for i in range(25000)))
        leader, follower = pty.openpty()
        fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 40, 0, 0))
        done = subprocess.run([COMMAND, "import", "many.csv"], cwd=self.folder, env=self.environment, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=follower)
        os.close(follower)
        shown = os.read(leader, 65536).decode()
        os.close(leader)
        count = "25,000 rows: 25,000 created, 0 updated, 0 unchanged, 0 rejected\n"
        self.assertEqual((done.returncode, done.stdout.decode()), (0, count))
        bars = [bar.removesuffix("\x1b[K") for bar in shown.split("\r") if bar]
        self.assertGreaterEqual(len(bars), 3)
        self.assertTrue(all(len(bar) < 40 for bar in bars), bars)  # or the next would not draw over it
        self.assertTrue(bars[0].startswith("[####"), bars)
        self.assertEqual(bars[-1], "")  # nothing is left of it
        self.assertEqual(self.kith("import", "many.csv"), count.replace("25,000 created", "0 created").replace("0 unchanged", "25,000 unchanged"))

    def test_says_who_is_not_on_a_list(self):
        self.kith("put", "list", "name=News")
        self.kith("suppress", "bad@example.com")
        self.kith("put", "lead", "email=gone@example.com")
        self.kith("list", "subscribe", "gone@example.com", "News")
        self.kith("list", "unsubscribe", "gone@example.com", "News")
        self.write("leads.csv", "Email\na@example.com\nbad@example.com\ngone@example.com\nnonsense\n")
        text = self.kith("import", "leads.csv", "--list", "news")
        self.assertIn("4 rows: 2 created, 0 updated, 1 unchanged, 1 rejected; 1 on News, 2 not (1 suppressed, 1 unsubscribed)\n", text)
        self.assertEqual(self.json("import", "leads.csv", "--list", "News")["lists"],
                         [{"list": "News", "on": 1, "suppressed": 1, "unsubscribed": 1}])

    def test_ragged_rows(self):
        self.write("leads.csv", "Email,City\na@example.com\nb@example.com,Lund,,\nc@example.com,Lund, Sweden\nd@example.com,Oslo\n")
        result = self.json("import", "leads.csv", "--rejects", "bad.csv")
        self.assertEqual([result[key] for key in ("rows", "created", "rejected")], [4, 3, 1])
        self.assertEqual(self.kith("find", "lead", "--columns", "email,city", "--no-header"),
                         "a@example.com\t\nb@example.com\tLund\nd@example.com\tOslo\n")
        bad = list(csv.DictReader(io.StringIO(self.read("bad.csv"), newline="")))
        self.assertEqual([(row["Email"], row["rejected_line"], row["rejected_value"]) for row in bad], [("c@example.com", "4", " Sweden")])
        self.assertIn("the row has 3 cells and the file 2 columns", bad[0]["rejected_reason"])
        self.write("leads.csv", "Email\na@example.com,x\n")  # nothing is left to put
        self.assertEqual(self.counts("leads.csv", code=1), (1, 0, 0, 0, 1))

    def test_a_file_without_anything(self):
        self.write("leads.csv", "")
        self.assertIn("leads.csv is empty", self.refused("import", "leads.csv"))
        self.assertEqual(self.kith("count"), "0\n")

    def test_map(self):
        self.write("leads.csv", "Who,Email,Source\nAda,a@example.com,fair\n")
        self.assertEqual(self.counts("leads.csv", "--map", "Who=first_name", "--map", "source="), (1, 1, 0, 0, 0))
        lead = self.lead("a@example.com")
        self.assertEqual((lead["first_name"], lead["source"]), ("Ada", None))
        for wrong in ("Whom=first_name", "Who=frist_name", "Who", "=email", "Who=score"):
            self.assertIn("--map", self.refused("import", "leads.csv", "--map", wrong, code=2))
        self.assertIn('did you mean "first_name"?', self.refused("import", "leads.csv", "--map", "Who=frist_name", code=2))
        self.refused("import", "leads.csv", "--map", "Who=email", "--map", "Email=email", code=2)

    def test_who_is_imported_to_a_list_came_by_import(self):
        self.kith("put", "list", "name=News", "opt_in=double")
        self.write("leads.csv", "Email\nada@example.com\n")
        for _ in range(2):
            self.counts("leads.csv", "--list", "News")
        found = self.json("find", "subscription")
        self.assertEqual([(row["state"], row["via"]) for row in found], [("pending", "import")])
        asked = [row for row in self.json("log", "ada@example.com") if row["kind"] == "subscription.confirm_wanted"]
        self.assertEqual(len(asked), 1)

    def test_somebody_must_be_named(self):
        self.write("leads.csv", "Id,Name\n1,Ada\n")
        self.assertIn("--map", self.refused("import", "leads.csv", code=2))
        self.kith("put", "lead", "email=ada@example.com")
        self.assertEqual(self.counts("leads.csv", "--map", "Id=id", "--map", "Name=first_name"), (1, 0, 1, 0, 0))
        self.write("leads.csv", "External ID,Email\nk1,eve@example.com\n")
        self.counts("leads.csv")
        self.assertEqual(self.lead("external:k1")["email"], "eve@example.com")

    def test_map_wins_over_likeness(self):
        self.write("leads.csv", "Email,Work\nhome@example.com,work@example.com\n")
        self.counts("leads.csv", "--map", "Work=email")
        self.assertEqual([lead["email"] for lead in self.json("find", "lead")], ["work@example.com"])

    def test_again_is_unchanged_and_updates_are_counted(self):
        self.write("leads.csv", LEADS)
        self.counts("leads.csv")
        self.assertEqual(self.counts("leads.csv"), (2, 0, 0, 2, 0))
        self.write("leads.csv", LEADS.replace("Lovelace", "Byron"))
        self.assertEqual(self.counts("leads.csv"), (2, 0, 1, 1, 0))

    def test_empty_cells_clear_nothing(self):
        self.write("leads.csv", LEADS)
        self.counts("leads.csv")
        self.write("leads.csv", "Email,First Name,City\nada@example.com,,London\n")
        self.assertEqual(self.counts("leads.csv"), (1, 0, 1, 0, 0))
        ada = self.lead("ada@example.com")
        self.assertEqual((ada["first_name"], ada["city"]), ("Ada", "London"))

    def test_fill_gaps(self):
        self.write("leads.csv", LEADS)
        self.counts("leads.csv")
        self.write("leads.csv", "Email,First Name,City\nada@example.com,Augusta,London\n")
        self.assertEqual(self.counts("leads.csv", "--fill-gaps"), (1, 0, 1, 0, 0))
        ada = self.lead("ada@example.com")
        self.assertEqual((ada["first_name"], ada["city"]), ("Ada", "London"))

    def test_create_only_and_update_only(self):
        self.write("leads.csv", LEADS)
        self.kith("put", "lead", "email=ada@example.com", "first_name=A")
        self.assertEqual(self.counts("leads.csv", "--create-only"), (2, 1, 0, 1, 0))
        self.assertEqual(self.lead("ada@example.com")["first_name"], "A")
        self.write("leads.csv", LEADS + "Eve,,eve@example.com,,,,\n")
        self.assertEqual(self.counts("leads.csv", "--update-only"), (3, 0, 1, 2, 0))
        self.assertEqual(self.kith("count"), "2\n")

    def test_tag_list_source_and_log(self):
        self.kith("put", "tag", "name=Imported")
        self.kith("put", "list", "name=News")
        self.write("leads.csv", LEADS)
        self.counts("leads.csv", "--tag", "Imported", "--list", "News", "--consent", "Yes please", "--source", "fair",
                    "--by", "anna")
        self.assertEqual(self.kith("count", "tag 'Imported' and list 'News'"), "2\n")
        self.assertEqual(self.lead("ada@example.com")["source"], "fair")
        log = self.json("log", "ada@example.com")
        self.assertEqual({event["by"] for event in log}, {"anna"})
        self.assertTrue({"lead.created", "tag.assigned"} <= {event["kind"] for event in log})
        self.assertIn("Yes please", self.kith("consent-proof", "ada@example.com"))

    def test_unknown_tag_changes_nothing(self):
        self.write("leads.csv", LEADS)
        self.refused("import", "leads.csv", "--tag", "Nowhere", code=1)
        self.assertEqual(self.kith("count"), "0\n")

    def test_who_unsubscribed_stays_away(self):
        self.kith("put", "list", "name=News")
        self.kith("put", "lead", "email=ada@example.com")
        self.kith("list", "subscribe", "ada@example.com", "News")
        self.kith("list", "unsubscribe", "ada@example.com", "News")
        self.write("leads.csv", LEADS)
        self.run_kith("import", "leads.csv", "--list", "News")
        self.assertEqual([lead["email"] for lead in self.json("find", "lead", "--where", "list 'News'")],
                         ["grace@example.com"])

    def test_bad_rows_leave_their_neighbours_alone(self):
        rows = ["ok1@example.com,SE", "nonsense,SE", "ok2@example.com,Atlantis", ",SE", "ok3@example.com,se",
                '"two\nlines",SE', "ok4@example.com,NO"]
        self.write("leads.csv", "Email,Country\n" + "\n".join(rows) + "\n")
        result = self.json("import", "leads.csv", "--rejects", "bad.csv")
        self.assertEqual([result[k] for k in ("rows", "created", "rejected")], [7, 3, 4])
        self.assertEqual([(r["line"], r["field"], r["value"]) for r in result["first_rejects"]],
                         [(3, "email", "nonsense"), (4, "country", "Atlantis"), (5, "email", ""), (7, "email", "two\nlines")])
        self.assertTrue(all(r["reason"] for r in result["first_rejects"]))
        written = list(csv.DictReader(io.StringIO(self.read("bad.csv"), newline="")))
        self.assertEqual([(row["Email"], row["rejected_line"], row["rejected_field"]) for row in written],
                         [("nonsense", "3", "email"), ("ok2@example.com", "4", "country"), ("", "5", "email"),
                          ("two\nlines", "7", "email")])
        # What was refused can be mended and taken in again.
        self.write("bad.csv", self.read("bad.csv").replace("Atlantis", "GR"))
        self.assertEqual(self.json("import", "bad.csv")["created"], 1)

    def test_rejects_overwrite_nothing(self):
        self.write("leads.csv", "email\nada@example.com\nnone\n")
        before = self.read("leads.csv")
        self.assertIn("leads.csv is there already", self.refused("import", "leads.csv", "--rejects", "leads.csv"))
        self.assertEqual(before, self.read("leads.csv"))

    def test_only_the_first_rejects_are_shown(self):
        self.write("leads.csv", "Email\nok@example.com\n" + "bad\n" * 12)
        lines = self.kith("import", "leads.csv").splitlines()
        self.assertEqual(lines[0], "13 rows: 1 created, 0 updated, 0 unchanged, 12 rejected")
        self.assertTrue(lines[1].startswith('  line 3, email: "bad" is no e-mail address'), lines[1])
        self.assertEqual(lines[-1], "  and 7 more; --rejects FILE writes them all")
        self.assertEqual(len(lines), 7)

    def test_nothing_taken_is_a_failure(self):
        self.write("leads.csv", "Email\nbad\n")
        self.assertEqual(self.counts("leads.csv", code=1), (1, 0, 0, 0, 1))

    def test_empty_files(self):
        self.write("leads.csv", "Email,Name\n")
        self.assertEqual(self.counts("leads.csv"), (0, 0, 0, 0, 0))

    def test_other_forms_of_text(self):
        self.write("a.csv", "Email;First Name\na@example.com;Åsa\n")
        self.write("b.csv", "Email\tFirst Name\r\nb@example.com\tBjörn\r\n", encoding="utf-16")
        self.write("c.csv", "Email,First Name\nc@example.com,Zoë\n", encoding="windows-1252")
        self.write("d.csv", "d@example.com,Dörte\n")
        for name, more in (("a.csv", []), ("b.csv", []), ("c.csv", []),
                           ("d.csv", ["--headless", "--map", "1=email", "--map", "2=first_name"])):
            self.assertEqual(self.counts(name, *more)[1], 1, name)
        self.assertEqual([lead["first_name"] for lead in self.json("find", "lead")], ["Åsa", "Björn", "Zoë", "Dörte"])

    def test_generated_leads_all_arrive(self):
        generator = os.path.join(SOURCE, "examples", "data", "make_leads.py")
        for name in ("a.csv", "b.csv"):
            subprocess.run([sys.executable, "-B", generator, "--count", "3000", "--seed", "7", "--out", self.path(name)],
                           check=True)
        self.assertEqual(self.read("a.csv"), self.read("b.csv"))
        self.kith("put", "field", "key=plan", "type=choice", 'options=["free","basic","pro"]')
        rows, created, updated, unchanged, rejected = self.counts("a.csv")
        self.assertEqual(rows, 3000)
        self.assertEqual(rows, created + updated + unchanged + rejected)
        self.assertEqual(self.kith("count"), "%d\n" % created)
        # What the generator made wrong on purpose, and nothing else, is refused.
        with open(self.path("a.csv"), encoding="utf-8", newline="") as file:
            table = list(csv.DictReader(file))
        wrong = [row for row in table if row["Email"].strip().count("@") != 1 or row["Email"].startswith("@")
                 or " at " in row["Email"] or row["Country"] == "Atlantis" or row["Time Zone"] == "Mars/Olympus"
                 or row["Plan"] == "platinum"]
        self.assertGreater(len(wrong), 3)
        self.assertEqual(rejected, len(wrong))
        good = {row["Email"].strip().lower() for row in table if row not in wrong}
        self.assertEqual(created, len(good))

    def test_memory_does_not_grow_with_the_file(self):
        if os.environ.get("KITH_SANITIZED"):
            self.skipTest("a sanitizer keeps what is freed")

        def peak(count):
            self.write("leads.csv", "Email,First Name,Company\n" +
                       "".join("p%d@example.com,Pat,A company of some length %d\n" % (i, i) for i in range(count)))
            os.path.exists(self.path("m.kith")) and os.remove(self.path("m.kith"))
            code = ("import resource, subprocess, sys; subprocess.run(sys.argv[1:], check=True);"
                    "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)")
            done = subprocess.run([sys.executable, "-c", code, COMMAND, "-f", "m.kith", "import", "leads.csv"],
                                  cwd=self.folder, env=self.environment, capture_output=True, check=True)
            return int(done.stdout.split()[-1])

        small, large = peak(10000), peak(160000)
        # SQLite's cache may fill, 32 MiB; what a whole file would take is far more.
        self.assertLess(large - small, 40 * 1024, "KiB at the peak: %d, then %d" % (small, large))


if __name__ == "__main__":
    main()

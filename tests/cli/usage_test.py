"""What the command answers to right and wrong command lines: exit codes, messages, where it looks for the file."""
import os
import unittest

from support import CliTest, main


class Usage(CliTest):
    def test_wrong_usage_is_2(self):
        for words in ([], ["fnd", "lead"], ["find"], ["tag"], ["tag", "asign", "a", "b"], ["get", "lead", "a", "b"],
                      ["find", "lead", "--bogus"], ["find", "lead", "--limit", "many"], ["find", "lead", "--limit", "-1"],
                      ["put", "lead", "email"], ["put", "lead", "=x"], ["--json", "--csv", "info"],
                      ["list", "unsubscribe", "ada@example.com"], ["list", "confirm", "ada@example.com"],
                      ["tag", "assign", "--where", "tag 'VIP'", "a", "b"], ["tag", "assign", "ada@example.com"],
                      ["complete", "csh"], ["log", "1", "--since", "yesterday"], ["why", "first"]):
            with self.subTest(words=words):
                self.assertIn("--help", self.refused(*words, code=2))

    def test_an_empty_where_acts_on_nobody(self):
        self.sample()
        before = self.json("find", "assignment")
        for words in (["tag", "assign", "--where", "", "VIP"], ["tag", "remove", "--where", " ", "VIP"],
                      ["list", "subscribe", "--where", "", "News"], ["list", "unsubscribe", "--where", "", "News"]):
            with self.subTest(words=words):
                self.assertIn("--where is empty", self.refused(*words, code=2))
        self.assertEqual(self.json("find", "assignment"), before)

    def test_nearest_command(self):
        self.assertIn('did you mean "kith find"?', self.refused("fnd", "lead", code=2))
        self.assertIn('did you mean "kith tag assign"?', self.refused("tag", "asign", code=2))
        for words in (["zzzzzz"], ["zzzz"], ["tag", "zzzzzz"]):
            self.assertNotIn("did you mean", self.refused(*words, code=2))

    def test_what_is_wrong_is_named(self):
        self.sample()
        for words, said in ((["--bogus"], '"kith" has no option --bogus'), (["find", "lead", "--bogus"], '"kith find" has no option --bogus'),
                            (["tag", "--bogus"], '"kith tag" has no option --bogus'), (["tag", "assign", "-x"], '"kith tag assign" has no option -x'),
                            (["find", "lead", "--colums", "id"], 'no option --colums; did you mean "--columns"?'),
                            (["find", "lead", "--colums=id"], 'no option --colums; did you mean "--columns"?'),
                            (["--sort", "id", "find", "lead"], '--sort belongs to "kith find" and stands after that'),
                            (["get", "lead", "1", "2", "3"], "too much is given: 2 3; it is kith get KIND NAME"),
                            (["note", "1", "--", "--foo", "bar"], "too much is given: bar; it is kith note LEAD TEXT"),
                            (["get", "lead"], "NAME is missing; it is kith get KIND NAME"),
                            (["tag", "assign"], "LEAD is missing; it is kith tag assign LEAD TAG or kith tag assign --where WHERE TAG"),
                            (["tag", "assign", "1"], "LEAD and TAG are needed, or --where and TAG"),
                            (["rename", "tag", "VIP"], "TO is missing; it is kith rename KIND NAME TO"),
                            (["find", "lead", "--limit"], "--limit needs a value"), (["-f"], "-f needs a value"),
                            (["--columns"], "--columns needs a value"), (["tag", "--file"], "--file needs a value"),
                            (["find", "--limit"], "--limit needs a value"), (["--json"], "a command is missing"),
                            (["find", "lead", "--limit", "1", "--limit", "2"], "--limit is given more than once"),
                            (["get", "lead", "1", "--columns", "id,emial"], '"emial" here; did you mean "email"?')):
            with self.subTest(words=words):
                self.assertIn(said, self.refused(*words, code=2).splitlines()[0])
        for words in (["rename", "lead", "1"], ["rename", "lead", "1", "ada@example.org"]):
            self.assertIn("kith put lead id=1 email=", self.refused(*words))

    def test_refused_and_failed_are_1(self):
        self.sample()
        for words in (["get", "lead", "nobody@example.com"], ["get", "lead", "99"], ["put", "lead", "email=foo"],
                      ["put", "lead", "emial=a@example.com"], ["put", "led", "email=a@example.com"],
                      ["tag", "assign", "ada@example.com", "Vipp"], ["why", "999999"], ["schema", "led"],
                      ["sql", "DELETE FROM lead"], ["sql", "SELECT"], ["find", "lead", "--where", "tag 'VIP"],
                      ["init"], ["backup", "crm.kith"], ["token-look", "nothing"], ["import", "missing.csv"]):
            with self.subTest(words=words):
                self.refused(*words)
        self.assertEqual(self.kith("count"), "2\n")

    def test_messages_name_the_nearest(self):
        self.sample()
        self.assertIn("email", self.refused("put", "lead", "emial=a@example.com"))
        self.assertIn('"VIP"', self.refused("tag", "assign", "ada@example.com", "VIPP"))
        self.assertIn('did you mean "lead"?', self.refused("schema", "led"))
        self.assertIn('did you mean "events"?', self.refused("schema", "evnts"))

    def test_missing_file(self):
        for words in (["find", "lead"], ["count"], ["tag", "assign", "1", "VIP"], ["run"], ["check"]):
            message = self.refused(*words)
            self.assertIn("crm.kith does not exist", message)
            self.assertIn("init", message)
        self.assertIn("email", [row["field"] for row in self.json("schema", "lead")])  # the same in every new file
        self.assertEqual(os.listdir(self.folder), [])

    def test_a_full_disk_fails_and_leaves_the_file_as_it_was(self):
        import resource
        import signal
        import subprocess
        from support import COMMAND

        def no_room():  # for the program that is started: no file may grow beyond this
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))

        self.write("leads.csv", "Email\n" + "".join("p%d@example.com\n" % i for i in range(30000)))
        self.kith("init")
        for room, some in ((400_000, False), (6_000_000, True)):
            done = subprocess.run([COMMAND, "import", "leads.csv"], cwd=self.folder, env=self.environment, preexec_fn=no_room,
                                  capture_output=True, timeout=120)
            self.assertEqual(done.returncode, 1, done)
            self.assertIn(b'no space is left for "crm.kith"', done.stderr)
            there = int(self.kith("count"))
            self.assertEqual(there > 0, some)
            self.assertTrue(there % 10000 == 0 and there < 30000, there)
            said = "{0:,} rows: {0:,} created, 0 updated, 0 unchanged, 0 rejected\n".format(there) if some else ""
            self.assertEqual(done.stdout.decode(), said)
            self.assertEqual(self.kith("check"), "no faults\n")

    def test_put_makes_a_file_and_says_so(self):
        self.refused("put", "lead", "email=ada@example.com", "first_name", code=2)
        self.assertEqual(os.listdir(self.folder), [])
        done = self.run_kith("put", "lead", "email=ada@example.com")
        self.assertEqual((done.returncode, done.stderr), (0, b"kith: made crm.kith\n"))
        self.assertEqual(self.kith("count"), "1\n")

    def test_which_file(self):
        self.kith("-f", "a.kith", "init")
        self.kith("init", "--file", "b.kith")
        self.kith("init", KITH_FILE="c.kith")
        self.kith("init", "-f", "d.kith", KITH_FILE="never.kith")
        for name in "abcd":
            self.assertTrue(os.path.exists(self.path(name + ".kith")), name)
        self.assertFalse(os.path.exists(self.path("never.kith")))
        self.assertFalse(os.path.exists(self.path("crm.kith")))

    def test_not_a_kith_file(self):
        self.write("crm.kith", "Dear diary\n" * 1000)
        self.refused("count")
        self.refused("put", "lead", "email=ada@example.com")
        self.assertEqual(self.read("crm.kith"), "Dear diary\n" * 1000)

    def test_ways_to_name_a_lead(self):
        self.sample()
        for name in ("bob@example.com", " BOB@Example.COM ", "2", "id:2", "external:shop-7"):
            self.assertEqual(self.json("get", "lead", name)["id"], 2, name)
        self.kith("put", "tag", "name=7")
        self.kith("tag", "assign", "2", "7")  # what has a name has no bare number
        self.assertEqual(self.json("get", "tag", "7")["name"], "7")
        self.kith("put", "category", "name=8")
        self.kith("put", "tag", "name=7", "category=8")
        self.assertEqual(self.json("get", "tag", "7")["category"], "8")
        for name in ("2", "id:2", "external:shop-7", "bob@example.com"):
            self.kith("put", "note", "lead=" + name, "text=" + name)
        self.assertEqual({note["lead"] for note in self.json("find", "note")}, {2})
        self.kith("put", "lead", "email=eve@example.com", "first_name=7", "postcode=12345")
        self.assertEqual(self.json("get", "lead", "eve@example.com")["postcode"], "12345")

    def test_notes_are_named_by_number(self):
        self.sample()
        self.kith("note", "1", "Calls back")
        self.assertEqual(self.json("get", "note", "1")["text"], "Calls back")
        self.kith("put", "note", "id=1", "text=Called")
        self.assertEqual(self.json("get", "note", "id:1")["text"], "Called")
        self.kith("remove", "note", "1")
        self.assertEqual(self.json("find", "note"), [])

    def test_words_that_are_commands(self):
        self.sample()
        self.kith("note", "ada@example.com", "find")
        self.kith("put", "tag", "name=list")
        self.kith("tag", "assign", "ada@example.com", "list")
        self.assertEqual(self.json("get", "tag", "list")["leads"], 1)

    def test_words_that_begin_with_a_dash_or_bracket(self):
        self.sample()
        self.kith("note", "ada@example.com", "--", "--json is fine")
        self.kith("note", "ada@example.com", "[1, 2]")
        self.kith("put", "tag", "name=[a,b]")
        self.kith("put", "lead", "email=eve@example.com", "--tag", "[a,b]", "--tag", "VIP")
        self.assertEqual([note["text"] for note in self.json("find", "note")], ["--json is fine", "[1, 2]"])
        self.assertEqual(self.json("get", "tag", "[a,b]")["leads"], 1)

    def test_extras_only_where_they_are_known(self):
        self.sample()
        self.refused("find", "lead", "--by", "me", code=2)
        self.refused("tag", "assign", "ada@example.com", "Nordic", "--with", "bogus=1")
        self.kith("tag", "assign", "ada@example.com", "Nordic", "--by", "anna", "--ip", "192.0.2.1", "--at", "2h",
                  "--key", "k1")
        event = self.json("log", "ada@example.com", "--limit", "1")[0]
        self.assertEqual((event["by"], event["ip"], event["at"]), ("anna", "192.0.2.1", "2026-10-16T10:00:00.000Z"))

    def test_key_makes_it_once(self):
        self.sample()
        first = self.json("record", "ada@example.com", "shop.order", '{"total": 5}', "--key", "o1")
        again = self.json("record", "ada@example.com", "shop.order", '{"total": 5}', "--key", "o1")
        self.assertEqual(first, again)
        self.assertEqual(len(self.json("log", "ada@example.com", "--kind", "shop.order")), 1)

    def test_clock(self):
        self.sample()
        self.assertEqual(self.json("get", "lead", "1")["created"], "2026-10-16T12:00:00.000Z")
        self.kith("tag", "assign", "ada@example.com", "Nordic", "--expires", "1d")
        self.assertEqual(self.json("count", "tag 'Nordic'")["count"], 1)
        self.assertEqual(self.json("count", "tag 'Nordic'", KITH_NOW="2026-10-18")["count"], 0)
        self.assertEqual(self.json("run"), {"done": 0, "next": "2026-10-17T12:00:00.000Z"})
        self.assertEqual(self.json("run", "--now", "2d"), {"done": 1, "next": None})
        self.refused("count", code=2, KITH_NOW="noon")

    def test_version(self):
        self.assertRegex(self.kith("--version"), r"^kith \d+\.\d+\.\d+\n$")

    def test_full_disk_is_said(self):
        if not os.path.exists("/dev/full"):
            self.skipTest("no /dev/full here")
        import subprocess
        from support import COMMAND
        self.sample()
        with open("/dev/full", "wb") as full:
            done = subprocess.run([COMMAND, "find", "lead"], cwd=self.folder, env=self.environment, stdout=full,
                                  stderr=subprocess.PIPE)
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"could not be written", done.stderr)


if __name__ == "__main__":
    main()

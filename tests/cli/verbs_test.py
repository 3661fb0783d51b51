"""Each verb does what it says, seen through the command."""
import json
import os
import unittest

from support import CliTest, main


class Verbs(CliTest):
    def setUp(self):
        super().setUp()
        self.sample()

    def kinds(self, lead="ada@example.com"):
        return [event["kind"] for event in self.json("log", lead)]

    def test_put_reports_what_it_did(self):
        self.assertEqual(self.kith("put", "lead", "email=eve@example.com"), "created lead 3\n")
        self.assertEqual(self.kith("put", "lead", "email=EVE@example.com", "city=Umeå"), "updated lead 3\n")
        self.assertEqual(self.kith("put", "lead", "id=3", "city=Umeå"), "unchanged lead 3\n")
        self.assertEqual(self.json("put", "lead", "id=3", "city="), {"id": 3, "outcome": "updated"})
        self.assertIsNone(self.json("get", "lead", "3")["city"])

    def test_put_with_tag_and_list(self):
        self.kith("put", "lead", "email=eve@example.com", "--tag", "VIP", "--tag", "Nordic", "--list", "News")
        self.assertEqual(self.kith("count", "tag 'VIP' and tag 'Nordic' and list 'News'"), "1\n")

    def test_find(self):
        self.assertEqual([l["id"] for l in self.json("find", "lead", "--where", "country = ?", "--arg", "US")], [2])
        self.assertEqual([l["id"] for l in self.json("find", "lead", "--sort", "-email")], [2, 1])
        self.assertEqual([l["id"] for l in self.json("find", "lead", "--sort", "-email", "--limit", "1")], [2])
        self.assertEqual(self.json("find", "tag", "--columns", "name,leads", "--sort", "name", "--where", "name = 'VIP'"),
                         [{"name": "VIP", "leads": 1}])

    def test_count(self):
        self.assertEqual(self.kith("count"), "2\n")
        self.assertEqual(self.kith("count", "tag 'VIP' and not country = ?", "--arg", "US"), "1\n")
        self.assertEqual(self.kith("count", "--kind", "tag"), "4\n")

    def test_rename_and_remove(self):
        self.kith("rename", "tag", "VIP", "Best")
        self.assertEqual(self.kith("count", "tag 'Best'"), "1\n")
        self.kith("remove", "tag", "best")
        self.refused("get", "tag", "Best")
        self.kith("remove", "lead", "2")
        self.assertEqual(self.kith("count"), "1\n")

    def test_schema(self):
        self.assertIn("lead", [row["kind"] for row in self.json("schema")])
        fields = self.json("schema", "tag")
        self.assertIn("expires_after", [field["field"] for field in fields])
        self.assertNotIn("kind", fields[0])
        for topic in ("fields", "verbs", "events", "predicates"):
            self.assertTrue(self.json("schema", topic), topic)

    def test_tags(self):
        self.assertEqual(self.kith("tag", "assign", "ada@example.com", "VIP"), "nothing changed\n")
        self.assertRegex(self.kith("tag", "assign", "2", "VIP"), r"^2 has VIP \(event \d+\)\n$")
        self.assertEqual(self.kith("tag", "assign", "--where", "tag 'VIP'", "Nordic"), "2 leads changed\n")
        self.assertEqual(self.kith("tag", "remove", "--where", "country = 'SE'", "Nordic"), "1 lead changed\n")
        self.kith("tag", "merge", "Customer", "VIP")
        self.assertEqual(self.kith("count", "tag 'Customer'"), "2\n")
        self.refused("get", "tag", "VIP")

    def test_lists(self):
        self.kith("list", "unsubscribe", "bob@example.com", "News", "--reason", "too many")
        self.assertIn("unsubscribed", self.refused("list", "subscribe", "bob@example.com", "News"))
        self.assertEqual(self.json("may-send", "bob@example.com", "News")["allowed"], 0)
        self.kith("list", "subscribe", "bob@example.com", "News", "--consent", "Yes, again")
        self.assertEqual(self.kith("count", "list 'News'"), "2\n")
        self.kith("list", "unsubscribe", "bob@example.com", "--all")
        self.kith("list", "unsubscribe", "--where", "country = 'SE'", "News")
        self.assertEqual(self.kith("count", "list 'News'"), "0\n")

    def test_double_opt_in(self):
        self.kith("put", "list", "name=Secret", "opt_in=double")
        self.kith("put", "list", "name=Double", "opt_in=double")
        self.assertIn("is to confirm Double", self.kith("list", "subscribe", "ada@example.com", "Double"))
        self.kith("list", "subscribe", "ada@example.com", "Secret")
        self.assertEqual(self.kith("count", "list 'Secret'"), "0\n")
        token = self.json("token", "ada@example.com", "confirm", "--list", "Secret")["token"]
        self.assertEqual(self.json("token-look", token)["state"], "live")
        self.kith("list", "confirm", "--token", token)
        self.assertEqual(self.kith("count", "list 'Secret'"), "1\n")
        self.kith("list", "confirm", "bob@example.com", "Secret")
        self.assertEqual(self.kith("count", "list 'Secret'"), "2\n")

    def test_preferences(self):
        token = self.json("token", "ada@example.com", "preferences")["token"]
        self.assertEqual([row["list"] for row in self.json("preferences", token)], ["News"])
        self.assertEqual(self.json("preferences", token, "--out", "News")[0]["state"], "unsubscribed")
        self.assertEqual(self.kith("count", "list 'News'"), "1\n")
        self.assertEqual(self.json("preferences", token, "--in", "News")[0]["state"], "subscribed")
        self.kith("token-revoke", token)
        self.refused("preferences", token)
        unsubscribe = self.json("token", "ada@example.com", "unsubscribe", "--list", "News")["token"]
        self.kith("list", "unsubscribe", "--token", unsubscribe)
        self.assertEqual(self.kith("count", "list 'News'"), "1\n")

    def test_sending(self):
        self.assertEqual(self.json("may-send", "ada@example.com", "News")["allowed"], 1)
        self.kith("pause", "ada@example.com", "News", "--until", "30d")
        self.assertEqual(self.json("may-send", "ada@example.com", "News")["why"], "paused")
        self.kith("resume", "ada@example.com", "News")
        self.kith("report", "ada@example.com", "bounced", "News")
        self.assertEqual(self.json("may-send", "ada@example.com", "News")["allowed"], 0)
        self.kith("sms-received", "+46701740605", "STOP")
        self.assertEqual(self.json("may-send", "ada@example.com", "--channel", "sms")["allowed"], 0)

    def test_suppression(self):
        self.kith("suppress", "@example.com", "--reason", "manual", "--note", "asked")
        self.assertEqual(self.json("may-send", "ada@example.com")["why"], "suppressed")
        self.kith("unsuppress", "@example.com")
        self.assertEqual(self.json("may-send", "ada@example.com")["why"], "allowed")

    def test_notes_search_duplicates(self):
        self.assertEqual(self.json("note", "ada@example.com", "Calls back"), {"id": 1})
        self.assertEqual([row["email"] for row in self.json("search", "love ad")], ["ada@example.com"])
        self.assertEqual(self.json("search", "nobody"), [])
        self.assertEqual(self.json("duplicates"), [])
        self.kith("put", "lead", "email=ada2@example.com", "phone=+46 70-174 06 05")
        pair = self.json("duplicates")
        self.assertEqual([row["reason"] for row in pair], ["phone"])

    def test_merge_and_its_undo(self):
        event = self.json("merge", "bob@example.com", "ada@example.com")["event"]
        self.assertEqual(self.json("get", "lead", "ada@example.com")["id"], 2)
        self.assertEqual(self.json("get", "lead", "1")["last_name"], "Lovelace")
        self.kith("unmerge", str(event))
        self.assertEqual(self.json("get", "lead", "ada@example.com")["id"], 1)

    def test_privacy(self):
        self.kith("note", "bob@example.com", "Plays the viola")
        document = json.loads(self.kith("export-lead", "bob@example.com"))
        self.assertIn("Plays the viola", json.dumps(document))
        token = self.json("token", "bob@example.com", "data")["token"]
        self.assertIn("Plays the viola", self.kith("my-data", token))
        self.assertTrue(json.loads(self.kith("consent-proof", "bob@example.com", "--jsonl")))
        self.assertEqual(self.json("erase", "bob@example.com", "--suppress")["pending"], False)
        self.refused("get", "lead", "bob@example.com")
        self.assertEqual(self.kith("count"), "1\n")

    def test_log(self):
        self.kith("record", "ada@example.com", "shop.cart_left", '{"total": 90}', "--by", "shop", "--subject", "cart-1")
        event = self.json("log", "ada@example.com", "--kind", "shop.cart_left")[0]
        self.assertEqual((event["data"], event["by"], event["subject"]), ({"total": 90}, "shop", "cart-1"))
        self.assertEqual(self.kinds()[0], "shop.cart_left")
        self.assertEqual(self.kinds()[-1], "lead.created")
        self.kith("record", "ada@example.com", "shop.old", "--at", "2025-01-01")
        self.assertNotIn("shop.old", [e["kind"] for e in self.json("log", "ada@example.com", "--since", "7d")])
        self.refused("record", "ada@example.com", "shop.bad", "{")
        self.refused("record", "ada@example.com", "tag.assigned")

    def test_why_and_events(self):
        first = self.json("record", "ada@example.com", "shop.cart_left")["event"]
        second = self.json("record", "ada@example.com", "shop.mailed", "--cause", str(first))["event"]
        self.assertEqual([row["id"] for row in self.json("why", str(second))], [second, first])
        self.assertEqual([row["id"] for row in self.json("events", "--after", str(first))], [second])
        everything = [row["id"] for row in self.json("events")]
        self.assertEqual(everything, sorted(everything))
        self.assertEqual(everything[-1], second)

    def test_profile(self):
        self.kith("note", "ada@example.com", "Calls back")
        text = self.kith("profile", "ada@example.com", "--table", COLUMNS="120")
        for part in ("Lovelace", "\nTags\n", "VIP", "\nLists\n", "News", "subscribed", "\nNotes\n", "Calls back",
                     "\nLatest events\n"):
            self.assertIn(part, text)
        whole = self.json("profile", "ada@example.com", "--events", "2")
        self.assertEqual([tag["tag"] for tag in whole["tags"]], ["VIP"])
        self.assertEqual([(entry["list"], entry["state"]) for entry in whole["lists"]], [("News", "subscribed")])
        self.assertEqual([note["text"] for note in whole["notes"]], ["Calls back"])
        self.assertEqual((whole["lead"]["first_name"], len(whole["events"])), ("Ada", 2))
        self.assertEqual(len(self.kith("profile", "ada@example.com", "--jsonl").splitlines()), 1)
        self.refused("profile", "nobody@example.com")

    def test_sql(self):
        self.assertEqual(self.json("sql", "SELECT id FROM lead WHERE email = ?1", "--arg", "bob@example.com"), [{"id": 2}])
        self.assertEqual(self.json("sql", "SELECT ?1 + 1 AS n, typeof(?2) AS t", "--arg", "41", "--arg", "007"),
                         [{"n": 42, "t": "text"}])

    def test_file(self):
        self.assertEqual(self.json("check"), [])
        self.assertEqual(self.kith("check"), "no faults\n")
        self.kith("backup", "copy.kith")
        self.assertEqual(self.kith("-f", "copy.kith", "count"), "2\n")
        self.assertEqual(self.json("info")["leads"], 2)
        self.kith("compact")
        self.assertEqual(self.kith("check", "--repair"), "no faults\n")

    def test_read_only_file_can_be_asked(self):
        if os.geteuid() == 0:
            self.skipTest("root may write everything")
        os.chmod(self.path("crm.kith"), 0o444)
        self.assertEqual(self.kith("count"), "2\n")
        self.refused("put", "lead", "email=x@example.com")


if __name__ == "__main__":
    main()

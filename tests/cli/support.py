"""Driving the kith command: each test has a folder of its own and an environment that says nothing."""
import json
import os
import shutil
import subprocess
import tempfile
import unittest

COMMAND = os.environ.get("KITH_COMMAND") or shutil.which("kith")
SOURCE = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
NOW = "2026-10-16T12:00:00Z"


class CliTest(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        self.assertTrue(COMMAND, "KITH_COMMAND must name the kith command")
        self.folder = tempfile.mkdtemp(prefix="kith-cli-")
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.environment = {k: v for k, v in os.environ.items()
                            if not k.startswith("KITH_") and k not in ("NO_COLOR", "COLUMNS", "TERM")}
        self.environment["KITH_NOW"] = NOW

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, text, encoding="utf-8"):
        with open(self.path(name), "w", encoding=encoding, newline="") as file:
            file.write(text)
        return name

    def read(self, name):
        with open(self.path(name), encoding="utf-8", newline="") as file:
            return file.read()

    def run_kith(self, *words, **environment):
        return subprocess.run([COMMAND, *words], cwd=self.folder, env={**self.environment, **environment},
                              stdin=subprocess.DEVNULL, capture_output=True, timeout=120)

    def kith(self, *words, code=0, **environment):
        """Standard output, after the exit code was what it should be."""
        done = self.run_kith(*words, **environment)
        self.assertEqual(done.returncode, code, "kith %s\n%s%s" % (" ".join(words), done.stdout.decode(), done.stderr.decode()))
        if code == 0:
            self.assertEqual(done.stderr.decode(), "", "kith " + " ".join(words))
        return done.stdout.decode()

    def refused(self, *words, code=1, **environment):
        """Standard error of what must not be done; nothing may be on standard output."""
        done = self.run_kith(*words, **environment)
        self.assertEqual(done.returncode, code, "kith %s\n%s%s" % (" ".join(words), done.stdout.decode(), done.stderr.decode()))
        self.assertEqual(done.stdout.decode(), "", "kith " + " ".join(words))
        message = done.stderr.decode()
        self.assertTrue(message.startswith("kith: "), message)
        return message

    def json(self, *words, code=0, **environment):
        return json.loads(self.kith(*words, "--json", code=code, **environment))

    def sample(self):
        """A file that holds Ada, a VIP on the list News, and Bob, who left it."""
        for words in (
            "init",
            "put|category|name=Customers",
            "put|tag|name=VIP|category=Customers",
            "put|tag|name=Customer|category=Customers",
            "put|tag|name=Nordic",
            "put|tag|name=Imported",
            "put|list|name=News|public_name=The monthly letter",
            "put|lead|email=ada@example.com|first_name=Ada|last_name=Lovelace|country=SE|phone=+46701740605",
            "put|lead|email=bob@example.com|first_name=Bob|country=US|external_id=shop-7",
            "tag|assign|ada@example.com|VIP",
            "list|subscribe|ada@example.com|News",
            "list|subscribe|bob@example.com|News",
        ):
            self.kith(*words.split("|"))


def main():
    unittest.main(verbosity=2)

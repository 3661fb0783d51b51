"""Help: every command has it, every example in it runs, and the manual page is what it says."""
import os
import re
import subprocess
import unittest

from support import COMMAND, SOURCE, CliTest, main


def commands():
    listed = subprocess.run([COMMAND, "--help"], capture_output=True, check=True).stdout.decode()
    names = re.findall(r"^  ([a-z-]+(?: [a-z-]+)?)  +\S", listed, re.M)
    return [name for name in names if not name.startswith("-")]


class Help(CliTest):
    def test_the_root_lists_the_commands(self):
        names = commands()
        for name in ("init put get find remove rename schema count note record log profile why merge unmerge erase "
                     "export-lead consent-proof suppress unsuppress search duplicates may-send token preferences pause "
                     "resume report sms-received events import run sql backup check compact info complete").split():
            self.assertIn(name, names)
        for name in ("tag assign", "tag remove", "list subscribe", "list unsubscribe", "list confirm"):
            self.assertIn(name, names)

    def test_help_is_whole_and_fits(self):
        for name in [*commands(), "tag", "list", ""]:
            with self.subTest(command=name):
                text = self.kith(*name.split(), "--help")
                self.assertIn("\nUsage: kith", text)
                self.assertRegex(text, r"\nExample:\n  kith ")
                long = [line for line in text.splitlines() if len(line) > 79 and not line.startswith("  kith ")]
                self.assertEqual(long, [])
                self.assertEqual(text, self.kith(*name.split(), "-h"))

    def test_every_example_runs(self):
        shell = {**self.environment, "PATH": os.path.dirname(COMMAND) + os.pathsep + self.environment.get("PATH", "")}
        for name in [*commands(), ""]:
            with self.subTest(command=name):
                example = self.kith(*name.split(), "--help").split("\nExample:\n")[1]
                lines = [line.strip() for line in example.splitlines() if line.strip()]
                self.assertTrue(lines)
                if name:
                    self.assertTrue(any(line.startswith("kith " + name) or name == "init" for line in lines), lines)
                for old in os.listdir(self.folder):
                    os.remove(self.path(old))
                self.sample()
                self.write("leads.csv", "First Name,Email 1\nGrace,grace@example.com\n")
                for line in lines:
                    done = subprocess.run(["sh", "-c", line], cwd=self.folder, env=shell, capture_output=True)
                    self.assertEqual((done.returncode, done.stderr), (0, b""), line)

    def test_the_manual_page_is_current(self):
        with open(os.path.join(SOURCE, "examples", "cli", "kith.1"), encoding="utf-8") as file:
            kept = file.read()
        self.assertEqual(kept, self.kith("__man"), "kith __man > examples/cli/kith.1 brings it up to date")


if __name__ == "__main__":
    main()

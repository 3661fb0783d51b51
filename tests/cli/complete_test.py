"""Completion: what the command answers to the shells, and what the shells make of it."""
import os
import re
import shutil
import subprocess
import unittest

from support import COMMAND, CliTest, main

BASH = r"""
. "$1"; shift
compopt() { printf 'compopt %s\n' "$*"; }
COMP_LINE=$1; COMP_POINT=${#COMP_LINE}; shift
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
_kith
printf '%s\n' "${COMPREPLY[@]}"
"""

ZSH = r"""
autoload -Uz compinit; compinit -u -d "$PWD/.zcompdump"
. ./completion
_describe() { local -a found=("${(@P)4}"); print -rl -- "${(@)found}"; print -r -- "options ${*[5,-1]}"; }
_files() { print files; }
words=("$@"); CURRENT=$#; PREFIX=${@[-1]}
_kith
"""


def split_as_readline(line):
    """Words as bash gives them to a completion: parted at blanks and, by themselves, at = : and @."""
    words = []
    for blank in re.findall(r"'[^']*'?|\"[^\"]*\"?|(?:\\.|[^\s'\"])+", line):
        words += [blank] if blank[0] in "'\"" else [part for part in re.split(r"([=:@]+)", blank) if part]
    if line.endswith(" "):
        words.append("")
    return words


class Complete(CliTest):
    def setUp(self):
        super().setUp()
        self.sample()
        self.kith("put", "tag", "name=Very important")
        self.kith("put", "field", "key=shoe_size", "type=integer")

    def answers(self, *words):
        """The directive, and the candidates without their meaning."""
        directive, *lines = self.kith("__complete", *words).splitlines()
        return directive, [line.split("\t")[0] for line in lines]

    def offers(self, *words):
        directive, candidates = self.answers(*words)
        self.assertIn(directive, ("words", "partial"))
        return candidates

    def test_commands(self):
        self.assertIn("find", self.offers(""))
        self.assertEqual(self.offers("fi"), ["find"])
        self.assertEqual(self.offers("tag", ""), ["assign", "remove", "merge"])
        self.assertEqual(self.offers("--json", "-f", "crm.kith", "tag", "a"), ["assign"])
        self.assertEqual(self.offers("nonsense", "more", ""), self.offers("x", "y", ""))

    def test_meanings(self):
        self.assertIn("find\tList things", self.kith("__complete", "f").splitlines())

    def test_options(self):
        self.assertEqual(self.offers("find", "lead", "--so"), ["--sort"])
        self.assertIn("--json", self.offers("find", "--"))
        self.assertIn("--columns", self.offers("tag", "assign", "--"))
        self.assertEqual(self.offers("find", "lead", "--", "--so"), [])
        for words in (("",), ("find", "lead"), ("tag",), ("tag", "assign")):
            offers = self.offers(*words, "--")
            self.assertEqual(len(offers), len(set(offers)), offers)
        self.assertIn("--help", self.offers("tag", "assign", "--"))
        self.assertNotIn("--by", self.offers("find", "lead", "--"))
        self.assertIn("--by", self.offers("tag", "assign", "--"))

    def test_kinds(self):
        for words in (("get", ""), ("put", ""), ("find", ""), ("count", "--kind", ""), ("schema", "")):
            self.assertTrue({"lead", "tag", "list", "category", "note"} <= set(self.offers(*words)), words)
        for verb, some, others in (("put", {"lead", "tag"}, {"event", "assignment", "suppression"}),
                                   ("remove", {"lead", "suppression"}, {"event", "assignment"}),
                                   ("rename", {"tag", "list", "field"}, {"lead", "note", "event_kind"})):
            offers = set(self.offers(verb, ""))
            self.assertEqual((some - offers, others & offers), (set(), set()), verb)
        self.assertEqual(self.offers("get", "cat"), ["category"])

    def test_fields(self):
        directive, fields = self.answers("put", "lead", "")
        self.assertEqual(directive, "partial")
        self.assertTrue({"email=", "first_name=", "shoe_size="} <= set(fields))
        self.assertNotIn("created=", fields)
        self.assertEqual(self.offers("put", "lead", "email=x@example.com", "last"), ["last_name="])
        self.assertEqual(self.offers("find", "lead", "--sort", "-crea"), ["-created"])
        self.assertEqual(self.offers("find", "lead", "--columns", "email,shoe"), ["email,shoe_size"])
        self.assertEqual(self.offers("find", "lead", "--columns=email,shoe"), ["--columns=email,shoe_size"])
        self.assertEqual(self.offers("import", "x.csv", "--map", "Email 1=ema"), ["Email 1=email"])

    def test_values(self):
        self.assertEqual(self.offers("put", "tag", "category=cu"), ["category=Customers"])
        self.assertEqual(self.offers("put", "list", "opt_in=do"), ["opt_in=double"])
        self.assertEqual(self.offers("put", "list", "visible="), ["visible=true", "visible=false"])

    def test_names(self):
        self.assertEqual(self.offers("tag", "assign", "ada@example.com", "v"), ["VIP", "Very important"])
        self.assertEqual(self.offers("tag", "assign", "--where", "country = 'SE'", "no"), ["Nordic"])
        self.assertEqual(self.offers("import", "x.csv", "--tag", "no"), ["Nordic"])
        self.assertEqual(self.offers("list", "subscribe", "ada@example.com", ""), ["News"])
        self.assertEqual(self.offers("get", "tag", "no"), ["Nordic"])
        self.assertEqual(self.offers("get", "lead", "b"), ["bob@example.com"])
        self.kith("put", "tag", "name=evil \x1b[2J")
        self.assertEqual(self.offers("get", "tag", "evil"), [])
        self.assertEqual(self.offers("note", ""), ["ada@example.com", "bob@example.com"])
        self.assertEqual(self.offers("merge", "ada@example.com", "bo"), ["bob@example.com"])
        self.assertIn("tag.assigned", self.offers("log", "ada@example.com", "--kind", "tag."))
        self.assertEqual(self.offers("token", "ada@example.com", "p"), ["preferences"])

    def test_files(self):
        for words in (("import", ""), ("-f", ""), ("backup", "x"), ("import", "x.csv", "--rejects", "")):
            self.assertEqual(self.answers(*words), ("files", []), words)

    def test_without_a_file(self):
        os.remove(self.path("crm.kith"))
        self.assertIn("lead", self.offers("get", ""))
        self.assertEqual(self.offers("get", "tag", ""), [])
        self.assertFalse(os.path.exists(self.path("crm.kith")))
        self.write("crm.kith", "not a database\n" * 100)
        self.assertEqual(self.offers("get", "tag", ""), [])

    def test_other_file(self):
        self.kith("-f", "other.kith", "init")
        self.kith("-f", "other.kith", "put", "tag", "name=Elsewhere")
        self.assertEqual(self.offers("-f", "other.kith", "get", "tag", ""), ["Elsewhere"])
        self.assertEqual(self.offers("--file=other.kith", "get", "tag", ""), ["Elsewhere"])
        self.environment["KITH_FILE"] = "other.kith"
        self.assertEqual(self.offers("get", "tag", ""), ["Elsewhere"])

    def script(self, shell):
        text = self.kith("complete", shell)
        self.write("completion", text)
        return text

    def bash(self, line):
        self.script("bash")
        line = line.replace("kith", COMMAND, 1)
        words = split_as_readline(line)
        done = subprocess.run(["bash", "--norc", "-c", BASH, "bash", self.path("completion"), line, *words],
                              cwd=self.folder, env=self.environment, capture_output=True)
        self.assertEqual(done.stderr, b"")
        return [line for line in done.stdout.decode().splitlines() if line]

    @unittest.skipUnless(shutil.which("bash"), "no bash here")
    def test_bash(self):
        self.assertEqual(self.bash("kith tag as"), ["assign"])
        self.assertEqual(self.bash("kith tag assign ada@example.com V"), ["VIP", "Very\\ important"])
        self.assertEqual(self.bash("kith tag assign ada@example.com Very\\ im"), ["Very\\ important"])
        self.assertEqual(self.bash("kith tag assign ada@example.com 'Very im"), ["Very important"])
        self.assertEqual(self.bash("kith put lead last"), ["compopt -o nospace", "last_name="])
        self.assertEqual(self.bash("kith put tag category="), ["Customers"])
        self.assertEqual(self.bash("kith put tag category=Cu"), ["Customers"])
        self.assertEqual(self.bash("kith get lead ada@ex"), ["example.com"])
        self.assertEqual(self.bash("kith get lead ada"), ["ada@example.com"])
        self.assertEqual(self.bash("kith import "), ["compopt -o default"])

    @unittest.skipUnless(shutil.which("zsh"), "no zsh here")
    def test_zsh(self):
        self.script("zsh")

        def zsh(*words):
            done = subprocess.run(["zsh", "-f", "-c", ZSH, "zsh", COMMAND, *words], cwd=self.folder,
                                  env=self.environment, capture_output=True)
            self.assertEqual(done.stderr, b"")
            return done.stdout.decode().splitlines()

        self.assertEqual(zsh("tag", "as"), ["assign:Assign a tag", "options "])
        self.assertEqual(zsh("tag", "assign", "ada@example.com", "V"), ["VIP", "Very important", "options "])
        self.assertEqual(zsh("put", "lead", "last")[-1], "options -S ")
        self.assertEqual(zsh("import", ""), ["files"])

    @unittest.skipUnless(shutil.which("fish"), "no fish here")
    def test_fish(self):
        self.script("fish")

        def fish(line):
            code = "source ./completion; complete -C '%s'" % line.replace("'", "\\'")
            done = subprocess.run(["fish", "--no-config", "-c", code], cwd=self.folder, capture_output=True,
                                  env={**self.environment, "PATH": os.path.dirname(COMMAND) + ":" + os.environ["PATH"],
                                       "HOME": self.folder})
            self.assertEqual(done.stderr, b"")
            return sorted(done.stdout.decode().splitlines())

        self.assertEqual(fish("kith tag as"), ["assign\tAssign a tag"])
        self.assertEqual(fish("kith tag assign ada@example.com V"), ["VIP", "Very important"])
        self.assertIn("crm.kith", fish("kith import crm"))


if __name__ == "__main__":
    main()

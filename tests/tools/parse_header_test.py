#!/usr/bin/env python3
"""The reader of kith.h: what it derives, and that every planted mistake is refused with the line it stands on."""
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))

import kith_surface  # noqa: E402
from kith_header import HeaderError  # noqa: E402
from kith_interface import interface  # noqa: E402

HEADER = (ROOT / "include" / "kith.h").read_text(encoding="utf-8")

# A header with one of everything.
SMALL = """/* kith.h: small. */
#ifndef KITH_H
#define KITH_H
#include <stdint.h>
#ifdef __cplusplus
extern "C" {
#endif
/* ------------------------ First */

/* What became of a call. */
typedef int32_t kith_status;

enum { /* kith_status */
  KITH_OK = 0,
  KITH_BAD = -1 /* not good */
};

enum { /* flags */
  KITH_ONE = 1,
  KITH_TWO = 2
};

/* Why. */
typedef struct kith_error kith_error;
KITH_API void kith_error_free(kith_error *error);

/* A value. */
typedef struct kith_field {
  const char *name; /* what it is called */
  int32_t type;
  double real;
} kith_field;

static inline kith_field kith_real(const char *name, double value) {
  kith_field field = {name, 2, value};
  return field;
}

/* How. */
typedef struct kith_options {
  size_t size;
  int64_t (*now)(void *user);
} kith_options;

/* ------------------------ Second */

/* A handle. */
typedef struct kith_db kith_db;
/* Opens; `options` may be NULL. */
KITH_API kith_status kith_open(const char *path, const kith_options *options, kith_db **out, kith_error **err);
KITH_API void kith_close(kith_db *db);

/* Pauses; a NULL list means all. */
KITH_API kith_status kith_pause(kith_db *db, const char *lead, const char *list, const kith_field *with,
                                size_t with_count, int64_t *event, kith_error **err);
KITH_API kith_status kith_resume(kith_db *db, const char *lead, const char *list, kith_error **err);
/* Both. Since 0.2. */
KITH_API double kith_both(const kith_db *db);  /* from 0 to 1 */
#ifdef __cplusplus
}
#endif
#endif
"""


def function(model, name):
    return next(f for f in model["functions"] if f["name"] == name)


def roles(function):
    return [(p["name"], p["role"], p.get("optional")) for p in function["params"]]


class Understands(unittest.TestCase):
    def setUp(self):
        self.model = interface(SMALL)

    def test_sections_and_functions(self):
        self.assertEqual(self.model["sections"], ["First", "Second"])
        self.assertEqual([f["name"] for f in self.model["functions"]],
                         ["kith_error_free", "kith_open", "kith_close", "kith_pause", "kith_resume", "kith_both"])
        self.assertEqual(function(self.model, "kith_pause")["section"], "Second")

    def test_roles(self):
        self.assertEqual(roles(function(self.model, "kith_open")), [
            ("path", "text", False), ("options", "options", True), ("out", "out", False), ("err", "err", True)])
        self.assertEqual(roles(function(self.model, "kith_pause")), [
            ("db", "handle", False), ("lead", "text", False), ("list", "text", True), ("with", "with", True),
            ("with_count", "count", None), ("event", "out_integer", True), ("err", "err", True)])

    def test_what_may_not_be_null_although_its_text_says_null(self):
        model = interface(SMALL.replace("a NULL list means all", "a NULL list is MISUSE"))
        self.assertIn(("list", "text", False), roles(function(model, "kith_pause")))

    def test_a_function_without_words_shares_those_above_it(self):
        resume = function(self.model, "kith_resume")
        self.assertEqual((resume["doc"], resume["see"]), ("", "kith_pause"))
        self.assertIn(("list", "text", True), roles(resume))

    def test_a_closer_belongs_to_its_type(self):
        self.assertEqual({o["name"]: o["free"] for o in self.model["opaque"]},
                         {"kith_error": "kith_error_free", "kith_db": "kith_close"})
        self.assertEqual(function(self.model, "kith_close")["see"], "kith_db")

    def test_words(self):
        both = function(self.model, "kith_both")
        self.assertEqual((both["doc"], both["since"]), ("Both. Since 0.2.\nfrom 0 to 1", "0.2"))
        self.assertEqual(function(self.model, "kith_open")["since"], "0.1")

    def test_constants(self):
        status, flags = self.model["enums"]
        self.assertEqual((status["for"], status["bits"]), ("kith_status", False))
        self.assertEqual(status["constants"][1], {"name": "KITH_BAD", "value": -1, "doc": "not good"})
        self.assertTrue(flags["bits"])

    def test_layouts(self):
        field, options = self.model["structs"]
        self.assertFalse(field["grows"])
        self.assertEqual(field["layout"], {"size": 24, "offsets": {"name": 0, "type": 8, "real": 16}})
        self.assertTrue(options["grows"])
        self.assertEqual(options["fields"][1]["c"], "int64_t (*)(void *)")

    def test_the_real_header_whole(self):
        declared = HEADER.count("\nKITH_API ")
        self.assertGreater(declared, 70)
        self.assertEqual(len(interface(HEADER)["functions"]), declared)


# (what is wrong, the text that is replaced in SMALL, its replacement, what the refusal says)
MISTAKES = [
    ("no KITH_API", "KITH_API kith_status kith_resume", "kith_status kith_resume", "needs KITH_API"),
    ("unknown type", "const kith_db *db)", "const kith_bd *db)", "unknown type kith_bd"),
    ("a type of C that no binding expects", "KITH_API double kith_both", "KITH_API float kith_both", "unknown type float"),
    ("a plain int", "int32_t type;", "int type;", "unknown type int"),
    ("other prefix", "kith_both", "both", "does not begin with kith_"),
    ("twice", "kith_resume", "kith_pause", "declared twice"),
    ("no words", "/* Both. Since 0.2. */\nKITH_API double kith_both(const kith_db *db);  /* from 0 to 1 */",
     "\nKITH_API double kith_both(const kith_db *db);", "kith_both is not documented"),
    ("words of nothing", "/* Both. Since 0.2. */\n", "/* Both. Since 0.2. */\n\n", "belongs to no declaration"),
    ("no name", "const kith_db *db);  /*", "const kith_db *);  /*", "without a name"),
    ("array", "const char *path,", "const char path[],", "path ["),
    ("callback", "const char *path,", "void (*path)(void),", "without a name"),
    ("status without err", "const char *list, kith_error **err);", "const char *list);", "take kith_error **err last"),
    ("err without status", "KITH_API kith_status kith_resume", "KITH_API void kith_resume", "take kith_error **err last"),
    ("err by another name", "const char *list, kith_error **err);", "const char *list, kith_error **e);", "is called err"),
    ("err not last", "const char *list, kith_error **err);", "kith_error **err, const char *list);", "comes last"),
    ("fields without count", "const kith_field *with,\n                                size_t with_count, ",
     "const kith_field *with, ", "needs a size_t with_count"),
    ("two handles", "const char *lead, const char *list, kith_error", "kith_db *other, const char *list, kith_error",
     "one handle"),
    ("output before input", "size_t with_count, int64_t *event,", "size_t with_count, int64_t *event, int64_t at,",
     "outputs come after inputs"),
    ("what it answers", "KITH_API double kith_both", "KITH_API kith_db *kith_both", "could own or borrow"),
    ("no rule for a parameter", "const char *path,", "uint32_t path,", "no rule says what"),
    ("no closer", "KITH_API void kith_close(kith_db *db);\n", "", "kith_db has no kith_close"),
    ("other closer", "kith_close(kith_db *db)", "kith_close(const kith_db *db)", "must be void kith_close"),
    ("enum without purpose", "enum { /* flags */", "enum {", "what its constants are for"),
    ("value left out", "KITH_OK = 0,", "KITH_OK,", "expected ="),
    ("computed value", "KITH_TWO = 2", "KITH_TWO = 1 << 1", "expected"),
    ("hexadecimal", "KITH_TWO = 2", "KITH_TWO = 0x2", "plain decimal"),
    ("value twice", "KITH_BAD = -1", "KITH_BAD = 0", "value of another constant"),
    ("no bit", "KITH_TWO = 2", "KITH_TWO = 3", "not one bit"),
    ("too wide", "KITH_BAD = -1", "KITH_BAD = 3000000000", "int32_t"),
    ("struct of another name", "} kith_options;", "} kith_option;", "must have one name"),
    ("struct in a struct", "int32_t type;", "kith_error type;", "scalars and pointers"),
    ("field twice", "int32_t type;", "int32_t name;", "occurs twice"),
    ("bit field", "int32_t type;", "int32_t type : 4;", "expected ;"),
    ("union", "typedef struct kith_db kith_db;", "typedef union kith_db kith_db;", "no known type"),
    ("a struct without a body", "typedef struct kith_db kith_db;", "struct kith_db;", "none of Arrow's"),
    ("a global", "KITH_API void kith_close(kith_db *db);", "KITH_API int32_t kith_level;", "expected ("),
    ("a macro", "/* How. */", "#define KITH_LEVEL 3\n/* How. */", "directive that is not understood"),
    ("an include", "#include <stdint.h>", "#include <stdio.h>", "directive that is not understood"),
    ("under a condition", "/* How. */", "#ifndef KITH_API\ntypedef int32_t kith_more;\n#endif\n/* How. */",
     "under a condition"),
    ("only for C++", "extern \"C\" {", "extern \"C\" {\nint more();", "for C++ alone"),
    ("no end", "#endif\n#endif\n", "#endif\n", "no #endif"),
    ("line comment", "/* How. */", "// How.", "it begins with /"),
    ("no section", "/* ------------------------ First */\n", "", "before the first section"),
]


class Refuses(unittest.TestCase):
    def test_the_small_header_is_right(self):
        interface(SMALL)

    def test_every_planted_mistake(self):
        for what, old, new, says in MISTAKES:
            with self.subTest(what):
                self.assertIn(old, SMALL, "the mistake is not planted")
                with self.assertRaisesRegex(HeaderError, r"^kith\.h:\d+: ") as caught:
                    interface(SMALL.replace(old, new, 1))
                self.assertIn(says, str(caught.exception))

    def test_a_refusal_tells_the_line(self):
        wrong = SMALL.replace("KITH_API void kith_close", "void kith_close")
        line = wrong[:wrong.index("void kith_close")].count("\n") + 1
        with self.assertRaisesRegex(HeaderError, rf"kith\.h:{line}: "):
            interface(wrong)


def changed(*replacements):
    text = SMALL
    for old, new in replacements:
        assert old in text, old
        text = text.replace(old, new, 1)
    return kith_surface.surface(interface(text))


# What breaks a released surface: (replacements in SMALL, what is said)
BREAKS = [
    ([("KITH_API kith_status kith_resume(kith_db *db, const char *lead, const char *list, kith_error **err);\n", "")],
     "function kith_resume is gone"),
    ([("const char *list, kith_error **err);", "int64_t list, kith_error **err);")], "function kith_resume was"),
    ([("const char *list, kith_error **err);", "const char *list, int64_t more, kith_error **err);")],
     "function kith_resume was"),
    ([("KITH_API double kith_both", "KITH_API int64_t kith_both")], "function kith_both was"),
    ([("KITH_TWO = 2", "KITH_TWO = 4")], "constant KITH_TWO was 2 and is 4"),
    ([("KITH_ONE = 1,\n", "")], "constant KITH_ONE is gone"),
    ([("typedef int32_t kith_status", "typedef int64_t kith_status")], "type kith_status was"),
    ([("double real;", "double real;\n  int64_t more;")], "struct kith_field is frozen"),
    ([("int32_t type;\n  double real;", "double real;\n  int32_t type;")], "struct kith_field: field type was"),
    ([("int64_t (*now)(void *user);", "int32_t level;\n  int64_t (*now)(void *user);")], "struct kith_options: field now was"),
    ([("  int64_t (*now)(void *user);\n", "")], "struct kith_options: field now was int64_t (*)(void *) at 8 and is gone"),
    ([("kith_real(const char *name, double value)", "kith_real(const char *name, int64_t value)")],
     "inline function kith_real was"),
]


class Promises(unittest.TestCase):
    def test_what_stays_keeps_its_promise(self):
        self.assertEqual(kith_surface.breaks(changed(), changed()), [])

    def test_what_is_added_keeps_it_too(self):
        more = changed(("KITH_API double kith_both", "KITH_API double kith_more(const kith_db *db);\nKITH_API double kith_both"),
                       ("KITH_TWO = 2", "KITH_TWO = 2,\n  KITH_FOUR = 4"),
                       ("(*now)(void *user);", "(*now)(void *user);\n  int32_t level;"))
        self.assertEqual(kith_surface.breaks(changed(), more), [])

    def test_another_parameter_name_keeps_it(self):
        self.assertEqual(kith_surface.breaks(changed(), changed(("const char *lead", "const char *who"))), [])

    def test_every_break(self):
        for replacements, says in BREAKS:
            with self.subTest(says):
                found = kith_surface.breaks(changed(), changed(*replacements))
                self.assertTrue(any(one.startswith(says) for one in found), found)

    def test_a_name_cannot_be_older_than_its_release(self):
        released = changed()
        later = interface(SMALL.replace("Both. Since 0.2.", "Both.").replace("double kith_both", "double kith_late"))
        found = kith_surface.untimely("0.1", released, later)
        self.assertEqual(found, ["kith_late says since 0.1, but 0.1 did not have it"])


class Command(unittest.TestCase):
    """The command, in a tree of its own."""

    def setUp(self):
        self.root = pathlib.Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.root)
        for folder in ("include", "tests/abi"):
            (self.root / folder).mkdir(parents=True)
        self.header = self.root / "include" / "kith.h"
        self.header.write_text(SMALL, encoding="utf-8")
        self.surface = self.root / "tests" / "abi" / "0.1.json"
        self.surface.write_text('{"version": "0.1", "released": false}', encoding="utf-8")
        self.assertEqual(self.run_it()[0], 0)

    def run_it(self, *arguments):
        done = subprocess.run([sys.executable, str(ROOT / "tools" / "parse_header.py"), "--root", str(self.root),
                               *arguments], capture_output=True, text=True, check=False)
        return done.returncode, done.stderr

    def test_what_was_just_written_is_current(self):
        self.assertEqual(self.run_it("--check"), (0, ""))

    def test_every_file_that_drifts_is_named(self):
        for name in ("bindings/kith.json", "bindings/kith.exports", "docs/reference.md", "tests/abi/0.1.json"):
            with self.subTest(name):
                path = self.root / name
                kept = path.read_text(encoding="utf-8")
                path.write_text(kept.replace("kith_pause", "kith_paused"), encoding="utf-8")
                code, said = self.run_it("--check")
                self.assertEqual(code, 1)
                self.assertIn(f"{name} is not as kith.h says", said)
                path.write_text(kept, encoding="utf-8")

    def test_a_header_that_changed_is_seen(self):
        self.header.write_text(SMALL.replace("from 0 to 1", "from 0 to 2"), encoding="utf-8")
        self.assertEqual(self.run_it("--check")[0], 1)

    def test_a_header_that_is_not_understood_fails(self):
        self.header.write_text(SMALL.replace("KITH_API double", "double"), encoding="utf-8")
        code, said = self.run_it()
        self.assertEqual(code, 1)
        self.assertIn("needs KITH_API", said)

    def test_a_released_surface_is_never_written_again(self):
        self.assertEqual(self.run_it("--release", "0.1"), (0, ""))
        frozen = self.surface.read_text(encoding="utf-8")
        self.assertTrue(json.loads(frozen)["released"])
        self.header.write_text(SMALL.replace("kith_resume", "kith_go_on"), encoding="utf-8")
        self.assertEqual(self.run_it()[0], 0)
        self.assertEqual(self.surface.read_text(encoding="utf-8"), frozen)
        self.assertEqual(self.run_it("--release", "0.1")[0], 1)


if __name__ == "__main__":
    unittest.main()

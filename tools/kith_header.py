"""Reads include/kith.h into plain data. It understands only the C that kith.h is written in and raises
HeaderError, with the line, on anything else; what is made of the data is no matter of its own."""
import re

# The types that cross the interface, with size and alignment on a 64-bit machine.
SCALARS = {"char": 1, "int32_t": 4, "uint32_t": 4, "int64_t": 8, "size_t": 8, "double": 8}
FOREIGN = ("ArrowSchema", "ArrowArray", "ArrowArrayStream")
# Beside T_free, what gives back a handle.
CLOSERS = {"kith_db": "kith_close"}

DIRECTIVES = [re.compile(pattern) for pattern in (
    r"#include <std(def|int)\.h>$", r"#define KITH_H$", r"#define KITH_API( __\w+\(.*\))?$",
    r"#if(ndef|def) (KITH_H|KITH_API|__cplusplus)$", r"#(el)?if defined\([\w) &(]+\)$", r"#else$", r"#endif$")]

TOKEN = re.compile(r"""
    (?P<comment>/\*.*?\*/) | (?P<directive>^[ \t]*\#(?:[^\n\\]|\\\n|\\.)*) | (?P<space>\s+) |
    (?P<word>[A-Za-z_]\w*) | (?P<number>-?\d[\w.]*) | (?P<string>"[^"\n]*") | (?P<mark>[-+*/(){}\[\]=,;?:.&<>|])
    """, re.X | re.S | re.M)


class HeaderError(Exception):
    """What kith.h says at a line that this reader, or a rule of the interface, does not allow."""

    def __init__(self, line, sentence):
        super().__init__(f"kith.h:{line}: {sentence}")


class Token:
    def __init__(self, kind, text, line, begins_line):
        self.kind, self.text, self.line, self.begins_line = kind, text, line, begins_line
        self.last_line = line + text.count("\n")


def tokens_of(text):
    tokens, at, line = [], 0, 1
    while at < len(text):
        match = TOKEN.match(text, at)
        if not match:
            raise HeaderError(line, f"cannot read {text[at:at + 20].splitlines()[0]!r}")
        piece = match.group()
        if match.lastgroup != "space":
            before = text[text.rfind("\n", 0, at) + 1:at]
            tokens.append(Token(match.lastgroup, piece.strip() if match.lastgroup == "directive" else piece,
                                line, not before.strip()))
        line += piece.count("\n")
        at = match.end()
    return tokens


def prose(comment):
    """The text of a comment, without its frame; indentation beyond the frame's stays."""
    lines = comment[2:-2].split("\n")
    lines = [lines[0].strip()] + [re.sub(r"^\s*\* ?", "", line).rstrip() for line in lines[1:]]
    return "\n".join(lines).strip()


def without_conditions(tokens):
    """Drops the directives, and what only C++ sees; a declaration under any other condition is refused."""
    kept, conditions = [], []
    for token in tokens:
        if token.kind != "directive":
            if any(c not in ("#ifndef KITH_H", "#ifdef __cplusplus") for c in conditions):
                raise HeaderError(token.line, f"a declaration under a condition: {token.text}")
            if "#ifdef __cplusplus" not in conditions:
                kept.append(token)
            elif token.text not in ("extern", '"C"', "{", "}"):
                raise HeaderError(token.line, f"only extern \"C\" may be for C++ alone, not {token.text}")
            continue
        if not any(pattern.match(token.text) for pattern in DIRECTIVES):
            raise HeaderError(token.line, f"a directive that is not understood: {token.text}")
        if token.text.startswith("#if"):
            conditions.append(token.text)
        elif token.text == "#endif":
            if not conditions:
                raise HeaderError(token.line, "#endif without a condition")
            conditions.pop()
    if conditions:
        raise HeaderError(tokens[-1].line, f"no #endif for {conditions[-1]}")
    return kept


class Reader:
    def __init__(self, text):
        self.tokens = without_conditions(tokens_of(text))
        self.at = 0
        self.section = None
        self.last_line = 0   # where the latest declaration ended
        self.leader = None   # the declaration whose comment speaks for those that follow without a blank line
        self.names = {}
        self.model = {"introduction": "", "sections": [], "aliases": [], "enums": [], "opaque": [], "foreign": [],
                      "structs": [], "inline": [], "functions": []}

    # -- tokens ------------------------------------------------------------------------------------------

    def peek(self, skip=0):
        return self.tokens[self.at + skip] if self.at + skip < len(self.tokens) else Token("end", "", self.last_line, True)

    def take(self, *wanted):
        token = self.peek()
        if wanted and token.text not in wanted:
            raise HeaderError(token.line, f"expected {' or '.join(wanted)}, found {token.text or 'the end'}")
        self.at += 1
        return token

    def word(self):
        token = self.take()
        if token.kind != "word":
            raise HeaderError(token.line, f"expected a name, found {token.text or 'the end'}")
        return token.text

    def trailing(self, line):
        """The comments that stand behind what ended on this line."""
        texts = []
        while self.peek().kind == "comment" and self.peek().line == line and not self.peek().begins_line:
            texts.append(prose(self.take().text))
        return "\n".join(texts)

    # -- the file ----------------------------------------------------------------------------------------

    def read(self):
        first = self.take()
        if first.kind != "comment":
            raise HeaderError(first.line, "the header begins with its manual, a comment")
        self.model["introduction"] = prose(first.text)
        while self.peek().kind != "end":
            self.item()
        return self.model

    def item(self):
        doc, token = "", self.peek()
        if token.kind == "comment":
            self.take()
            heading = re.match(r"/\* -{8,} ?(.+?) \*/$", token.text)
            if heading:
                self.section = heading.group(1)
                self.model["sections"].append(self.section)
                return
            if not token.begins_line or self.peek().kind == "comment" or self.peek().line > token.last_line + 1:
                raise HeaderError(token.line, f"a comment that belongs to no declaration: {token.text[:60]}")
            doc = prose(token.text)
        if not self.section:
            raise HeaderError(token.line, "a declaration before the first section")
        start, gap = self.peek(), token.line > self.last_line + 1
        entry, name, group = self.declaration(start)
        behind = self.trailing(self.tokens[self.at - 1].last_line)
        self.last_line = self.tokens[self.at - 1].last_line
        entry["doc"] = "\n".join(filter(None, (doc, behind)))
        if doc or gap:
            self.leader = name if doc else None
        elif self.leader:
            entry["block"] = self.leader
            if not entry["doc"]:
                entry["see"] = self.leader
        entry["section"] = self.section
        entry["line"] = start.line
        for one in [name] if name else [c["name"] for c in entry["constants"]]:
            if one in self.names and group != "opaque":
                raise HeaderError(start.line, f"{one} is declared twice")
            self.names[one] = group
        self.model[group].append(entry)

    def declaration(self, start):
        if start.text == "typedef":
            return self.typedef()
        if start.text == "enum":
            return self.enum()
        if start.text == "struct":
            return self.foreign()
        if start.text == "static":
            return self.inline()
        if start.text == "KITH_API":
            self.take()
            return self.function("functions")
        raise HeaderError(start.line, f"a declaration that is not understood: it begins with {start.text or 'nothing'}"
                          + (" (a function needs KITH_API)" if start.kind == "word" else ""))

    def typedef(self):
        self.take("typedef")
        if self.peek().text != "struct":
            c, name = self.word(), self.word()
            if c not in SCALARS:
                raise HeaderError(self.peek().line, f"{name} is another name of {c}, which is no known type")
            self.take(";")
            return {"name": name, "c": c}, name, "aliases"
        self.take("struct")
        tag = self.word()
        body = None
        if self.peek().text == "{":
            self.names[tag] = "structs"   # a struct may point at its own kind
            body = self.fields()
            del self.names[tag]
        line = self.peek().line
        name = self.word()
        self.take(";")
        if name != tag:
            raise HeaderError(line, f"struct {tag} and its type {name} must have one name")
        if body is None:
            return {"name": name}, name, "opaque"
        return {"name": name, "grows": body[0]["name"] == "size", "fields": body}, name, "structs"

    def fields(self):
        self.take("{")
        fields = []
        while self.peek().text != "}":
            if self.peek().kind == "comment":
                raise HeaderError(self.peek().line, "the comment of a field stands behind it")
            line = self.peek().line
            c = self.type()
            if self.peek().text == "(":
                self.take("(")
                self.take("*")
                name = self.word()
                self.take(")")
                c = f"{c} (*)({', '.join(p['c'] for p in self.parameters())})"
            else:
                name = self.word()
            if any(f["name"] == name for f in fields):
                raise HeaderError(line, f"the field {name} occurs twice")
            fields.append({"name": name, "c": c, "doc": self.trailing(self.take(";").line)})
        self.take("}")
        return fields

    def enum(self):
        line = self.take("enum").line
        self.take("{")
        purpose = self.trailing(line)
        if not purpose:
            raise HeaderError(line, "an enum says behind its brace what its constants are for")
        constants = []
        while self.peek().text != "}":
            name, where = self.word(), self.peek().line
            self.take("=")
            number = self.take()
            if number.kind != "number" or not re.fullmatch(r"-?\d+", number.text):
                raise HeaderError(where, f"{name} needs a plain decimal value, not {number.text}")
            if any(c["name"] == name for c in constants):
                raise HeaderError(where, f"{name} is declared twice")
            last = self.take(",").line if self.peek().text == "," else number.line
            constants.append({"name": name, "value": int(number.text), "doc": self.trailing(last)})
        self.take("}")
        self.take(";")
        return {"for": purpose, "constants": constants}, None, "enums"

    def foreign(self):
        line = self.take("struct").line
        name = self.word()
        if name not in FOREIGN:
            raise HeaderError(line, f"struct {name} is declared without a body, and is none of Arrow's")
        self.take(";")
        return {"name": name}, name, "foreign"

    def inline(self):
        self.take("static")
        self.take("inline")
        return self.function("inline")

    def function(self, group):
        line = self.peek().line
        c = self.type()
        name = self.word()
        if not name.startswith("kith_"):
            raise HeaderError(line, f"{name} does not begin with kith_")
        entry = {"name": name, "returns": {"c": c}, "params": self.parameters()}
        if group == "inline":
            self.take("{")
            depth = 1
            while depth:
                token = self.take()
                if token.kind == "end":
                    raise HeaderError(line, f"the body of {name} has no end")
                depth += {"{": 1, "}": -1}.get(token.text, 0)
        else:
            self.take(";")
        return entry, name, group

    def parameters(self):
        self.take("(")
        params = []
        if self.peek().text == "void" and self.peek(1).text == ")":
            self.take()
        while self.peek().text != ")":
            line = self.peek().line
            c = self.type()
            if self.peek().kind != "word":
                raise HeaderError(line, f"a parameter of type {c} without a name")
            name = self.word()
            if any(p["name"] == name for p in params):
                raise HeaderError(line, f"the parameter {name} occurs twice")
            params.append({"name": name, "c": c})
            if self.peek().text == ",":
                self.take()
            elif self.peek().text != ")":
                raise HeaderError(line, f"a parameter that is not understood, at {name} {self.peek().text}")
        self.take(")")
        return params

    def type(self):
        line, words = self.peek().line, []
        if self.peek().text == "const":
            words.append(self.take().text)
        if self.peek().text == "struct":
            words.append(self.take().text)
        base = self.word()
        if words[-1:] == ["struct"]:
            known = base in FOREIGN and base in self.names
        else:
            known = base in SCALARS or base == "void" or self.names.get(base) in ("aliases", "opaque", "structs")
        if not known:
            raise HeaderError(line, f"unknown type {base}")
        words.append(base)
        stars = ""
        while self.peek().text == "*":
            stars += self.take().text
        return " ".join(words) + (" " + stars if stars else "")


def read(text):
    """kith.h as data, with the line of every declaration; no rule of the interface is judged yet."""
    return Reader(text).read()

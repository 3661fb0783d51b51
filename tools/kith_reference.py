"""Makes docs/reference.md from the interface's data: the header's manual, then its sections in order."""
import re

OPENING = """<!-- Generated from include/kith.h by tools/parse_header.py: do not edit. -->
# The C interface

Everything in [`kith.h`](../include/kith.h), in its order. `since` is 0.1 unless a text says otherwise.
"""


def reference(model):
    parts = [OPENING, contents(model), manual(model["introduction"])]
    for section in model["sections"]:
        parts.append(f"## {section}\n")
        parts += [block(entries) for entries in blocks(model, section)]
    return "\n".join(parts).rstrip() + "\n"


def contents(model):
    lines = ["- [Rules and manual](#rules-and-manual)"]
    for section in model["sections"]:
        names = [f"[`{e['name']}`](#{e['name']})" for e in model["functions"] if e["section"] == section]
        lines.append(f"- [{section}](#{section.lower().replace(' ', '-')}): " + ", ".join(names))
    return "\n".join(lines) + "\n"


# -- prose -----------------------------------------------------------------------------------------------


def manual(text):
    """The header's first comment as Markdown: headings in capitals, lists of terms, code, paragraphs."""
    out = ["## Rules and manual\n"]
    for part in re.split(r"\n\n+", text):
        lines = part.split("\n")
        if re.fullmatch(r"[A-Z][A-Z ]+", part):
            out.append(f"### {part.capitalize()}\n")
            continue
        heading = re.match(r"([A-Z][A-Z]+(?: [A-Z]+)*)\. ", lines[0])
        if heading:
            out.append(f"### {heading.group(1).capitalize()}\n")
            lines[0] = lines[0][heading.end():]
        out += prose(lines)
    return "\n".join(out)


def prose(lines):
    """Paragraphs, with indented lines as a list of terms or as code."""
    out, at = [], 0
    while at < len(lines):
        end = at
        indented = lines[at].startswith("  ")
        while end < len(lines) and lines[end].startswith("  ") == indented:
            end += 1
        piece = lines[at:end]
        if not indented:
            out.append(escaped(" ".join(piece)) + "\n")
        elif re.match(r" +\w+ {2,}\S", piece[0]):
            out.append(terms(piece))
        else:
            out.append("```c\n" + "\n".join(line.strip() for line in piece) + "\n```\n")
        at = end
    return out


def terms(lines):
    depth = len(lines[0]) - len(lines[0].lstrip())
    items = []
    for line in lines:
        if len(line) - len(line.lstrip()) == depth:
            term, text = line.split(None, 1)
            items.append(f"- **{term}**: {text}")
        else:
            items[-1] += " " + line.strip()
    return "\n".join(escaped(item, stars=False) for item in items) + "\n"


def escaped(text, stars=True):
    """Text as Markdown takes it: what would be markup is escaped, names that are ours become code."""
    pieces = re.split(r"(`[^`]*`)", text)
    for at in range(0, len(pieces), 2):
        piece = re.sub(r"<(\w+\.h)>", r"\1", pieces[at]).replace("<", "&lt;")
        if stars:
            piece = piece.replace("*", "\\*")
        pieces[at] = re.sub(r"\b(kith_\w+(?:\.\w+)?|KITH_\w*[A-Z])\b", r"`\1`", piece)
    return "".join(pieces)


# -- declarations ----------------------------------------------------------------------------------------


def blocks(model, section):
    """Declarations in the header's order; those that share a text stand together."""
    entries = [e | {"group": group} for group in ("aliases", "enums", "opaque", "foreign", "structs", "inline",
               "functions") for e in model[group] if e["section"] == section]
    entries.sort(key=lambda e: e["line"])
    out, leaders = [], {}
    for entry in entries:
        if entry.get("block") in leaders:
            leaders[entry["block"]].append(entry)
        else:
            out.append([entry])
            if "name" in entry:
                leaders[entry["name"]] = out[-1]
    return out


def block(entries):
    first = entries[0]
    if first["group"] == "enums":
        return constants(first)
    anchors = "".join(f'<a id="{e["name"]}"></a>' for e in entries)
    names = f"`{first['name']}`"
    if first["group"] in ("opaque", "foreign") and len(entries) > 1:
        names += " and its functions"
    else:
        names = ", ".join(f"`{e['name']}`" for e in entries)
    lines = [declaration(first)]
    lines += [declaration(e) + (f"  /* {e['doc']} */" if e["doc"] else "") for e in entries[1:]]
    out = [f"### {anchors}{names}\n", "```c\n" + "\n".join(lines) + "\n```\n"]
    out += [sentence(part) + "\n" for part in first["doc"].split("\n\n") if part]
    if first["group"] == "structs":
        out.append(table(("field", "meaning"), [(f"`{f['name']}`", f["doc"]) for f in first["fields"]]))
    return "\n".join(out)


def sentence(text):
    """A comment as a paragraph: one that stands behind its declaration begins small and has no full stop."""
    text = escaped(text.replace("\n", " "))
    return text[0].upper() + text[1:] + ("" if text[-1] in ".!?:" else ".")


def constants(enum):
    rows = [(f"`{c['name']}`", str(c["value"]), c["doc"]) for c in enum["constants"]]
    text = [f"### Constants: {escaped(enum['for'])}\n"]
    if enum["doc"]:
        text.append(sentence(enum["doc"]) + "\n")
    return "\n".join(text + [table(("name", "value", "meaning"), rows)])


def table(heads, rows):
    def line(cells):
        return "| " + " | ".join(cells) + " |"
    body = [line([*row[:-1], escaped(row[-1].replace("\n", " ")).replace("|", "\\|")]) for row in rows]
    return "\n".join([line(heads), line(["---"] * len(heads)), *body]) + "\n"


def joined(c, name):
    return f"{c}{name}" if c.endswith("*") else f"{c} {name}"


def declaration(entry):
    """C as the header has it, wrapped at 100 columns under the opening parenthesis."""
    group, name = entry["group"], entry["name"]
    if group == "aliases":
        return f"typedef {entry['c']} {name};"
    if group == "opaque":
        return f"typedef struct {name} {name};"
    if group == "foreign":
        return f"struct {name};"
    if group == "structs":
        fields = []
        for field in entry["fields"]:
            c = field["c"]
            fields.append(f"  {c.replace('(*)', '(*' + field['name'] + ')')};" if "(*)" in c
                          else f"  {joined(c, field['name'])};")
        return "\n".join([f"typedef struct {name} {{", *fields, f"}} {name};"])
    start = joined(entry["returns"]["c"], name) + "("
    lines, line = [], start
    for at, param in enumerate(entry["params"]):
        piece = joined(param["c"], param["name"]) + (", " if at + 1 < len(entry["params"]) else "")
        if len(line) + len(piece.rstrip()) > 98:
            lines.append(line.rstrip())
            line = " " * len(start)
        line += piece
    return "\n".join([*lines, line + ("void" if not entry["params"] else "") + ");"])

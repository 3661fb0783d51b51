"""Runs every scenario of tests/scenarios through the package; README.md beside them has the language."""
import datetime as dt
import shlex

import kith
import pytest
from conftest import SOURCE, Clock

FILES = sorted((SOURCE / "tests" / "scenarios").glob("*.txt"))
FILES = [file for file in FILES if file.name != "CMakeLists.txt"]
EXTRAS = ("by", "key", "tag", "list", "consent", "via", "reason")


def shown(value):
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dt.datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%S.") + f"{value.microsecond // 1000:03}Z"
    return value if isinstance(value, str) else str(value)


def lines(rows, names):
    return ["\t".join(names), *("\t".join(shown(value) for value in row) for row in rows)]


def _texts(rows):
    """JSON as it was written: scenarios compare its text."""
    json_columns = [meaning == "json" for meaning in rows.meanings]
    texts = {i: column for i, column in enumerate(rows.names) if json_columns[i]}
    for number, row in enumerate(rows.tuples()):
        yield [value if i not in texts or value is None else rows.json_text(number, i) for i, value in enumerate(row)]


def parse(line):
    words, options = [], {}
    parts = iter(shlex.split(line))
    for part in parts:
        if part.startswith("--"):
            options.setdefault(part[2:], []).append(next(parts))
        else:
            words.append(part)
    return words, options


def play(crm, words, options):
    verb, *rest = words
    extras = {name: values if name in ("tag", "list") else values[0] for name, values in options.items() if name in EXTRAS}
    one = {name: values[0] for name, values in options.items()}
    if verb == "put":
        fields = dict(word.split("=", 1) for word in rest[1:])
        crm.kind(rest[0]).put({name: value or None for name, value in fields.items()}, extras=extras)
    elif verb == "get":
        found = crm.kind(rest[0]).find("id = ?", crm.kind(rest[0])[rest[1]].id, columns=one.get("columns"))
        return lines(found.tuples(), found._table().names)
    elif verb == "find":
        find = crm.kind(rest[0]).find(one.get("where"), columns=one.get("columns"), sort=one.get("sort"), limit=int(one["limit"]) if "limit" in one else None)
        table = find._table()
        return lines(_texts(table), table.names)
    elif verb == "count":
        return ["count", str(crm.leads.count(rest[0]))]
    elif verb == "remove":
        crm.kind(rest[0]).remove(rest[1], **extras)
    elif verb == "rename":
        crm.kind(rest[0]).rename(rest[1], rest[2], **extras)
    elif verb == "tag" and rest[0] == "merge":
        crm.merge_tags(rest[1], rest[2], **extras)
    elif verb == "tag":
        if "where" in one:
            find = crm.leads.find(one["where"])
            (find.tag if rest[0] == "assign" else find.untag)(rest[1], **extras)
        else:
            (crm.assign if rest[0] == "assign" else crm.unassign)(rest[1], rest[2], **extras)
    elif verb == "list":
        if rest[0] == "subscribe":
            crm.subscribe(rest[1], rest[2], **extras)
        elif rest[0] == "confirm":
            crm.subscribe(rest[1], rest[2], confirmed=True, **extras)
        else:
            crm.unsubscribe(rest[1], rest[2], **extras)
    elif verb == "record":
        crm.record(rest[0], rest[1], rest[2] if len(rest) > 2 else None, **extras)
    elif verb == "merge":
        crm.merge(rest[0], rest[1], survivor="lead", **extras)
    elif verb == "erase":
        crm.erase(rest[0], **extras)
    elif verb == "suppress":
        crm.suppress(rest[0], **extras)
    elif verb == "unsuppress":
        crm.unsuppress(rest[0], **extras)
    elif verb == "search":
        found = crm.search(rest[0])
        return lines(found, ["id", "email", "first_name", "last_name", "company", "phone"])
    elif verb == "run":
        crm.run()
    else:
        raise AssertionError(f"unknown step {verb}")
    return None


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_scenario(file):
    clock, steps = Clock(), 0
    text = file.read_text(encoding="utf-8").rstrip("\n").split("\n")
    with kith.open(memory=True, now=clock) as crm:
        at = 0
        while at < len(text):
            line, where = text[at], f"{file.name}:{at + 1}: {text[at]}"
            at += 1
            if line.startswith("now "):
                clock.now = dt.datetime.strptime(line[4:], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=dt.timezone.utc)
            if not line.startswith("> "):
                continue
            steps += 1
            expected = []
            while at < len(text) and not text[at].startswith(("> ", "# ", "now ")):
                expected.append(text[at])
                at += 1
            words, options = parse(line[2:])
            if expected and expected[0].startswith("! "):
                with pytest.raises(kith.Error) as refusal:
                    play(crm, words, options)
                assert expected[0][2:] in str(refusal.value), where
            else:
                answer = play(crm, words, options)
                assert answer is None or answer == expected, where
    assert steps > 0


def test_there_are_scenarios():
    assert len(FILES) >= 6

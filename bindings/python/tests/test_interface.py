"""Every function of the C interface is used by the package, or listed here with the reason why it is not; every status,
option, kind and verb of the library is known to it."""
import inspect
import json
import pathlib
import re

import kith
import pytest
from conftest import SOURCE
from kith import _kith, errors
from kith.kinds import known

INTERFACE = json.loads((SOURCE / "bindings" / "kith.json").read_text(encoding="utf-8"))
FUNCTIONS = [function["name"] for function in INTERFACE["functions"]]
PACKAGE = pathlib.Path(kith.__file__).parent
PYTHON = "\n".join(path.read_text(encoding="utf-8") for path in PACKAGE.glob("*.py"))
C = "\n".join(path.read_text(encoding="utf-8") for path in (SOURCE / "bindings" / "python" / "src").glob("*.cpp"))

NOT_USED = {
    "kith_error_status": "the status is what the call returns",
    "kith_rows_column": "columns are found by interned names, in a dict of the module's own",
}


def test_every_function_is_used_or_listed():
    unused = []
    for name in FUNCTIONS:
        by_hand = re.search(rf"\b{name}\(|\b{name}\b[,)]", C)
        by_method = re.search(rf"(_handle|handle|_csv)\.{name[5:]}\(", PYTHON)
        if not by_hand and not by_method and name not in NOT_USED:
            unused.append(name)
    assert not unused, "use them in the package, or list them here with a reason"


def test_nothing_is_listed_in_vain():
    for name in NOT_USED:
        assert name in FUNCTIONS and not re.search(rf"\b{name}\(", C), name


def test_every_database_function_is_a_method_of_the_handle():
    for function in INTERFACE["functions"]:
        if function["params"] and function["params"][0]["c"] == "kith_db *" and function["name"] not in ("kith_record_many",):
            assert hasattr(_kith.Handle, function["name"][5:]), function["name"]


def test_statuses_are_those_of_the_header():
    [statuses] = [enum for enum in INTERFACE["enums"] if enum["for"] == "kith_status"]
    assert {c["name"][5:]: c["value"] for c in statuses["constants"]} == {status.name: status.value for status in kith.Status}
    assert set(errors.CLASSES) == set(kith.Status) - {kith.Status.OK}
    for status, kind in errors.CLASSES.items():
        assert kith.__all__.count(kind.__name__) == 1
        assert _kith.status_name(status) == status.name


def test_a_status_of_a_later_library_is_an_error():
    error = errors._error(99, "later", "", "")
    assert type(error) is kith.Error and error.status == 99


def test_flags_are_those_of_the_header():
    flags = {c["name"]: c["value"] for enum in INTERFACE["enums"] for c in enum["constants"]}
    from kith import database

    assert (database.READ_ONLY, database.MEMORY, database.EXISTING, database.NORMAL_SYNC) == tuple(
        flags[f"KITH_OPEN_{name}"] for name in ("READ_ONLY", "MEMORY", "EXISTING", "NORMAL_SYNC"))


def test_every_kind_is_an_attribute(crm):
    for row in crm.schema("kinds"):
        described = known()[row["kind"]]
        assert getattr(crm, described.plural) == crm.kind(row["kind"])
        assert getattr(crm, described.plural).count() >= 0
        assert described.plural in dir(crm)


def test_a_kind_that_there_is_not(crm):
    with pytest.raises(AttributeError, match="did you mean 'leads'"):
        crm.leeds
    with pytest.raises(kith.NotFound) as error:
        crm.kind("leed")
    assert error.value.nearest == "lead" and error.value.field == "kind"
    assert not hasattr(crm, "zzz")


def test_no_column_hides_behind_a_method(crm):
    for row in crm.schema("fields"):
        own = known()[row["kind"]].row
        assert row["field"] == "id" or row["field"] not in dir(own), (row["kind"], row["field"])


def test_every_verb_can_be_called(crm):
    names = {row["verb"] for row in crm.schema("verbs") if row["verb"]}
    by_find = {"assign_where": "tag", "unassign_where": "untag", "subscribe_where": "subscribe", "unsubscribe_where": "unsubscribe"}
    by_kind = {"put", "put_many", "rename", "remove"}
    inside = {"put_batch", "put_stream"}  # what put_many does with Arrow
    for name in names:
        place = kith.Find if name in by_find else kith.Kind if name in by_kind else kith.Database
        assert name in inside or callable(getattr(place, by_find.get(name, name))), name


def test_everything_public_is_documented():
    for name in kith.__all__:
        thing = getattr(kith, name)
        assert inspect.getdoc(thing), name
        for key, member in vars(thing).items() if inspect.isclass(thing) else ():
            if not key.startswith("_") and callable(member) and name in ("Database", "Find", "Kind"):
                assert inspect.getdoc(member), f"{name}.{key}"


def test_messages_name_no_function_of_c(crm):
    """What the library's messages call kith_something is a method here, and is named so."""
    texts = [text for path in (SOURCE / "src").rglob("*.cpp") for text in re.findall(r'"(?:[^"\\\n]|\\.)*"', path.read_text(encoding="utf-8")) if " " in text]
    named = {name for text in texts for name in re.findall(r"\bkith_(\w+)", text)} - {"arrow", "schema", "db"}
    assert named and all(callable(getattr(crm, name)) for name in named), named
    for name in named:
        assert str(errors._error(1, f"see kith_{name}", "", "")) == f"see crm.{name}", name
        assert name in (SOURCE / "bindings" / "node" / "lib" / "native.js").read_text(encoding="utf-8"), name


def test_names_for_annotations():
    from kith.extras import Extras, SubscribeExtras
    from kith.kinds import Lead, Tag

    assert Extras is SubscribeExtras is dict and issubclass(Lead, kith.Thing) and Tag is not Lead
    for name in ("NoExtras", "Ref", "dict"):
        with pytest.raises(ImportError):
            exec(f"from kith.extras import {name}")


def test_version():
    assert kith.__version__ == _kith.version() == _kith.HEADER_VERSION

"""Leads and other kinds: put, get, find, remove, custom fields, what goes in and what comes out."""
import datetime as dt
import enum
from decimal import Decimal

import kith
import pytest

UTC = dt.timezone.utc


def test_put_answers_the_thing(crm):
    ada = crm.leads.put(email="ada@example.com", first_name="Ada")
    assert (ada.id, ada.outcome, ada.email) == (1, "created", "ada@example.com")
    assert crm.leads.put(email="ada@example.com", first_name="Ada").outcome == "unchanged"
    assert crm.leads.put(email="ada@example.com", first_name="Augusta").outcome == "updated"
    assert ada.first_name == "Ada" and ada.refresh().first_name == "Augusta"
    assert crm.leads.get(1).outcome is None


def test_get(shop):
    ada = shop.leads.get("ada@example.com")
    assert shop.leads.get(ada.id) == shop.leads.get(ada) == shop.leads["id:1"] == ada
    assert hash(shop.leads.get(1)) == hash(ada) and shop.leads.get(2) != ada
    assert shop.leads.get("nobody@example.com") is None
    assert "ada@example.com" in shop.leads and "nobody@example.com" not in shop.leads
    with pytest.raises(kith.NotFound):
        shop.leads["nobody@example.com"]


def test_a_row_cannot_be_written(shop):
    ada = shop.leads.get(1)
    with pytest.raises(AttributeError, match=r"update\(first_name="):
        ada.first_name = "Eve"
    with pytest.raises(AttributeError, match="cannot be set"):
        shop.sql("SELECT 1 AS a")[0].a = 2
    assert ada.first_name == "Ada" and ada.update(first_name="Eve").first_name == "Eve"


def test_columns(shop):
    ada = shop.leads.get(1)
    assert ada["email"] == ada.email == ada[1] == "ada@example.com"
    assert ada.to_dict()["country"] == "GB" and dict(ada)["country"] == "GB"
    assert list(ada.keys())[:2] == ["id", "email"] and len(ada) == len(list(ada)) == len(ada.values())
    assert ada.created == dt.datetime(2026, 3, 1, 9, tzinfo=UTC) and ada.created.tzinfo is UTC
    assert ada.score == 0 and ada.company is None
    with pytest.raises(AttributeError, match="did you mean 'first_name'"):
        ada.frist_name
    with pytest.raises(KeyError):
        ada["frist_name"]
    with pytest.raises(IndexError):
        ada[999]
    with pytest.raises(AttributeError):
        ada.email = "other@example.com"
    with pytest.raises(TypeError):
        type(ada)()


def test_custom_fields(crm):
    crm.fields.put(key="plan", type="choice", options=["basic", "pro"])
    crm.fields.put(key="seats", type="integer")
    crm.fields.put(key="rate", type="number")
    crm.fields.put(key="trial", type="boolean")
    crm.fields.put(key="born", type="date")
    crm.fields.put(key="seen", type="datetime")
    crm.fields.put(key="likes", type="choices", options=["tea", "cake"])
    crm.fields.put(key="note", type="text")
    seen = dt.datetime(2026, 1, 2, 3, 4, 5, 678000, tzinfo=dt.timezone(dt.timedelta(hours=2)))
    ada = crm.leads.put(note="mine", email="ada@example.com", plan="PRO", seats=12, rate=1.5, trial=True, born=dt.date(1815, 12, 10),
                        seen=seen, likes=["tea", "cake"])
    assert (ada.plan, ada.seats, ada.rate, ada.trial, ada.born, ada.seen, ada.likes) == ("pro", 12, 1.5, True, dt.date(1815, 12, 10), seen, ["tea", "cake"])
    assert callable(ada.note) and ada["note"] == "mine"  # a method goes before a field, which an item still reaches
    assert crm.fields.get("likes").options == ["tea", "cake"]
    assert ada.update(seats=None, plan="basic").seats is None and ada.plan == "basic"


@pytest.mark.parametrize("ms", [0, 1, -1, -62135596800000, 253402300799999, 1741000000123, 951782400000, 951868799999])
def test_times_come_back_as_they_were(crm, ms):
    when = dt.datetime(1970, 1, 1, tzinfo=UTC) + dt.timedelta(milliseconds=ms)
    crm.fields.put(key="seen", type="datetime")
    assert crm.leads.put(email="ada@example.com", seen=when).seen == when


def test_values_that_are_refused(crm):
    with pytest.raises(kith.Invalid, match="no time zone") as error:
        crm.leads.put(email="ada@example.com", at=dt.datetime(2026, 1, 1))
    assert error.value.field == "at"
    with pytest.raises(kith.Invalid, match="NUL") as error:
        crm.leads.put(email="ada@example.com", first_name="A\0da")
    assert error.value.field == "first_name"
    with pytest.raises(kith.Invalid, match="a date is text"):
        crm.leads.put(email="ada@example.com", birth_date=5)
    with pytest.raises(kith.Invalid, match="surrogate"):
        crm.leads.put(email="ada@example.com", first_name="\ud800")
    with pytest.raises(kith.Invalid, match="64 bits"):
        crm.leads.put(email="ada@example.com", first_name=2**63)
    with pytest.raises(TypeError, match="minor units"):
        crm.leads.put(email="ada@example.com", first_name=Decimal("1.50"))
    with pytest.raises(TypeError, match="no value"):
        crm.leads.put(email="ada@example.com", first_name=object())
    with pytest.raises(TypeError, match="names of fields"):
        crm.leads.put({1: "x"})
    assert crm.leads.count() == 0


def test_values_that_are_taken(crm):
    class Country(str, enum.Enum):
        SWEDEN = "SE"

    class Plan(enum.Enum):
        PRO = "Pro"

    ada = crm.leads.put({"email": "ada@example.com"}, country=Country.SWEDEN, company=Plan.PRO, city="Malmö 🐍", birth_date="1815-12-10")
    assert (ada.country, ada.company, ada.city, ada.birth_date) == ("SE", "Pro", "Malmö 🐍", dt.date(1815, 12, 10))
    assert crm.tags.put(name="Trial", expires_after=dt.timedelta(days=14)).expires_after is not None
    note = ada.note("Called", author="anna")
    assert (note.text, note.author, note.lead) == ("Called", "anna", ada.id)


def test_values_of_numpy_and_in_json(shop):
    import numpy

    ada = shop.leads.get(1)
    class Due(enum.Enum):
        SOON = dt.datetime(2026, 3, 1, 8, tzinfo=UTC)

    assert shop.events.get(ada.record("shop.looked", at=Due.SOON)).at == Due.SOON.value
    for value in (numpy.datetime64("2026-03-01"), [numpy.datetime64("2026-03-01")]):
        with pytest.raises(kith.Invalid, match="time zone"):
            shop.leads.put(email="ada@example.com", first_name=value)
    assert shop.tags.put(name="T", expires_after=numpy.timedelta64(2, "D")).expires_after == 2 * 86_400_000
    assert ada.update(company=numpy.datetime64("NaT"), city=numpy.timedelta64("NaT")).company is None
    zone = dt.timezone(dt.timedelta(hours=2))
    event = ada.record("shop.looked", {"at": dt.datetime(2026, 1, 2, 3, 4, 5, 678000, tzinfo=zone), "day": dt.date(2026, 1, 2), "of": {"a"}})
    assert shop.events.get(event).data == {"at": "2026-01-02T01:04:05.678Z", "day": "2026-01-02", "of": ["a"]}
    with pytest.raises(kith.Invalid, match="time zone"):
        ada.record("shop.looked", {"at": dt.datetime(2026, 1, 2)})


def test_extras_that_are_none_are_not_said(shop, clock):
    ada = shop.leads.put(email="ada@example.com", by=None, at=None, key=None, tag=None, list=None, consent=None, welcome=None)
    event = ada.tag("VIP-Member", by=None, expires=clock() + dt.timedelta(days=1))
    assert event and shop.events.get(event).by is None
    assert ada.subscribe("News", consent=None, via=None, ip=None) > 0
    # Here nothing has a meaning: never.
    assert ada.tag("VIP-Member", expires=None) > 0 and shop.run().next is None
    assert shop.leads.put_many([{"email": "x@example.com"}], by=None, tag=None).created == 1


def test_tags_and_lists_as_things_ids_and_sets(shop):
    vip, news = shop.tags.get("VIP-Member"), shop.lists.get("News")
    for tag in ({"VIP-Member"}, frozenset({"VIP-Member"}), vip, vip.id, [vip], (name for name in ["VIP-Member"]), {"VIP-Member": 1}.keys()):
        lead = shop.leads.put(email="eve@example.com", tag=tag, list=news)
        assert lead.untag(vip) > 0 and lead.may_send("News")
        assert shop.leads.put_many([{"email": "eve@example.com"}], tag=[vip]).failed == 0


def test_rows_without_their_id(shop):
    row = shop.leads.find(columns="email").first()
    for use in (lambda: row.tag("VIP-Member"), lambda: hash(row), lambda: row == shop.leads.get(1), lambda: shop.leads.get(row), row.refresh):
        with pytest.raises(TypeError, match="ask for id among the columns"):
            use()


def test_a_custom_field_named_as_an_extra(crm):
    crm.fields.put(key="consent", type="text")
    with pytest.raises(TypeError, match="custom field of this file"):
        crm.leads.put(email="ada@example.com", consent="yes")
    assert crm.leads.count() == 0
    assert crm.leads.put({"email": "ada@example.com", "consent": "yes"}, extras={"consent": "I agree"})["consent"] == "yes"


def test_limits_below_nothing_are_refused(shop):
    for find in (lambda: shop.leads.find(limit=-1), lambda: shop.leads.get(1).timeline(limit=-2)):
        with pytest.raises(kith.Invalid, match="limit"):
            find()


def test_kinds_are_made_once_under_threads():
    import subprocess
    import sys

    program = """
import sys, threading
import kith
from kith import kinds
sys.setswitchinterval(1e-6)
barrier = threading.Barrier(8)
seen = set()
def work():
    barrier.wait()
    seen.add(kinds.known()["lead"].row)
threads = [threading.Thread(target=work) for _ in range(8)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
print(len(seen))
"""
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60).stdout == "1\n"


def test_a_list_that_shrinks_while_it_is_read(crm):
    row = ["ada@example.com", None, "Paris"]

    class Shrinks:
        def __index__(self):
            row.clear()
            return 7

    row[1] = Shrinks()
    with pytest.raises(IndexError):
        crm.leads.put_many([row], columns=["email", "first_name", "city"])


def test_fields_and_extras_of_one_name(crm):
    lead = crm.leads.put(email="ada@example.com", ip="192.0.2.1", extras={"ip": "192.0.2.2", "by": "form"})
    assert lead.ip == "192.0.2.1"
    event = lead.timeline().first()
    assert (event.ip, event.by) == ("192.0.2.2", "form")
    field = crm.fields.put(key="plan", type="text", extras={"key": "once"})
    assert field.key == "plan"


def test_tags_and_lists_in_the_same_act(shop):
    eve = shop.leads.put(email="eve@example.com", tag=["VIP-Member"], list="News")
    assert shop.leads.find("tag 'VIP-Member' and list 'News'").first() == eve


def test_find(shop):
    found = shop.leads.find("country = ? or country = ?", "GB", "SE", sort="-email", columns=["id", "email"])
    assert [lead.email for lead in found] == ["bob@example.com", "ada@example.com"]
    assert [lead.id for lead in found] == [2, 1]  # it can be walked again
    assert found.count() == 2 and found.first().id == 2 and found.all()[1].id == 1 and bool(found)
    assert list(found.tuples()) == [(2, "bob@example.com"), (1, "ada@example.com")]
    assert list(found.dicts())[0] == {"id": 2, "email": "bob@example.com"}
    assert not shop.leads.find("country = 'FR'") and shop.leads.find("country = 'FR'").first() is None
    assert len(shop.leads.find(limit=1).all()) == 1 and shop.leads.find(limit=0).all() == []
    assert shop.leads.count("country = ?", "SE") == 1
    with pytest.raises(AttributeError):
        shop.leads.find(columns="email").first().city
    with pytest.raises(kith.Error):
        shop.leads.find("no such thing").all()


def test_pages(crm):
    crm.leads.put_many([{"email": f"p{i}@example.com"} for i in range(25000)])
    assert [lead.id for lead in crm.leads] == list(range(1, 25001))
    assert [len(page) for page in crm.leads.find().pages()] == [200, 10000, 10000, 4800]
    assert [len(page) for page in crm.leads.find(limit=10300).pages()] == [200, 10000, 100]
    walk = iter(crm.leads.find(sort="-id"))
    assert next(walk).id == 25000


def test_for_everybody(shop):
    assert shop.leads.find("country = ?", "SE").tag("VIP-Member", by="me") == 1
    assert shop.leads.find().tag("VIP-Member") == 1
    assert shop.leads.find("tag 'VIP-Member'").untag("VIP-Member") == 2
    assert shop.leads.find().subscribe("News") == 2 and shop.leads.find().unsubscribe("News") == 2
    with pytest.raises(TypeError):
        shop.leads.find(limit=1).tag("VIP-Member")
    with pytest.raises(TypeError):
        shop.tags.find().tag("VIP-Member")


def test_definitions(shop):
    tag = shop.tags.get("vip-member")
    assert tag.rename("Gold").name == "Gold" and shop.tags.get("VIP-Member") is None
    shop.leads.find().tag("Gold")
    other = shop.tags.put(name="Other")
    shop.leads.get(1).tag(other)
    assert tag.absorb(other) > 0 and shop.tags.get("Other") is None and tag.refresh().leads == 2
    shop.categories.put(name="Membership")
    shop.tags.put(name="Silver", category="Membership")
    assert shop.categories.get("Membership").tags == 1
    assert shop.kind("category").rename("Membership", "Members") > 0
    assert shop.kind("category").remove("Members") > 0 and shop.categories.count() == 0
    assert tag.remove() > 0
    with pytest.raises(kith.NotFound, match="not there any more"):
        tag.refresh()
    with pytest.raises(kith.NotFound, match="no kind 'leed'"):
        shop.kind("leed")
    with pytest.raises(AttributeError):
        shop.leeds


def test_put_many(crm):
    report = crm.leads.put_many([{"email": "ada@example.com", "first_name": "Ada"}, {"email": "bob@example.com", "first_name": None}])
    assert (len(report), report.created, report.updated, report.unchanged, report.failed, report.ids) == (2, 2, 0, 0, 0, [1, 2])
    report = crm.leads.put_many([("ada@example.com", "Ada"), ("bob@example.com", "Bob")], columns=["email", "first_name"])
    assert (report.unchanged, report.updated) == (1, 1)
    # Other names begin another call, in the same transaction.
    mixed = [{"email": "c@example.com"}, {"email": "d@example.com", "city": "Paris"}, {"city": "Rome", "email": "e@example.com"}, {"email": "f@example.com"}]
    assert crm.leads.put_many(mixed).ids == [3, 4, 5, 6]
    assert [lead.city for lead in crm.leads.find("id > 2")] == [None, "Paris", "Rome", None]
    with pytest.raises(kith.Invalid) as error:
        crm.leads.put_many([{"email": "g@example.com"}, {"email": "h@example.com", "city": "x"}, {"email": "nonsense", "city": "x"}])
    assert error.value.field == "[2].email" and "[2]" in str(error.value)
    assert crm.leads.count() == 6
    report = crm.leads.put_many([{"email": "nonsense"}, {"email": "g@example.com"}], skip_bad=True, tag=[])
    assert report.ids[0] == 0 and report.ids[1] > 0
    [failure] = report.failures
    assert (report.failed, report.created, failure.row, type(failure.error), failure.error.field) == (1, 1, 0, kith.Invalid, "email")
    assert crm.leads.put_many([]).ids == [] and crm.leads.put_many(iter([])).created == 0


def test_put_many_says_whom_a_list_did_not_take(crm):
    for name in ("News", "Club"):
        crm.lists.put(name=name)
    crm.leads.put(email="left@example.com").subscribe("News")
    crm.leads.get("left@example.com").unsubscribe("News", via="lead")
    crm.suppress("never@example.com")
    rows = [{"email": email} for email in ("new@example.com", "left@example.com", "never@example.com")]
    report = crm.leads.put_many(rows, list=["News", "Club"], via="import")
    assert (report.created, report.failed) == (2, 0)
    assert report.not_taken == [(1, {"News": "unsubscribed"}), (2, {"News": "suppressed", "Club": "suppressed"})]
    assert report.not_taken[0].lists["News"] == "unsubscribed"
    assert crm.leads.put_many(rows).not_taken == [] and crm.leads.put_many([]).not_taken == []
    assert crm.record_many([{"lead": "new@example.com", "kind": "shop.seen"}]).not_taken == []


def test_put_many_of_other_rows(crm):
    import collections
    import sqlite3

    Person = collections.namedtuple("Person", "email first_name")
    assert crm.leads.put_many(Person(f"p{i}@example.com", "P") for i in range(3)).created == 3
    db = sqlite3.connect(":memory:")
    db.row_factory = sqlite3.Row
    assert crm.leads.put_many(db.execute("SELECT 'q@example.com' AS email")).created == 1
    assert crm.leads.put_many(crm.leads.find(columns="id,first_name").all()).unchanged == 4
    with pytest.raises(TypeError, match="columns"):
        crm.leads.put_many([("x@example.com",)])
    with pytest.raises(TypeError, match="a row is"):
        crm.leads.put_many([3])
    with pytest.raises(ValueError, match="values"):
        crm.leads.put_many([("x@example.com",)], columns=["email", "city"])
    with pytest.raises(ZeroDivisionError):
        crm.leads.put_many({"email": f"z{1 / i}@example.com"} for i in (1, 0))
    assert crm.leads.count() == 4


def test_search(shop):
    assert [lead.email for lead in shop.search("ada love")] == ["ada@example.com"]
    [found] = shop.search("ada love")
    assert type(found) is kith.Found and found == shop.leads.get(1) and found.tag("VIP-Member") > 0
    with pytest.raises(AttributeError, match="it has"):
        found.score
    assert found.refresh().score == 0
    assert shop.search("nobody") == [] and len(shop.search("example", 1)) <= 1

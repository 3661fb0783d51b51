"""How things show themselves: repr, and HTML in which nothing from the file is markup."""
import kith

EVIL = "<script>alert('x')</script> & \""


def test_repr(shop):
    assert repr(shop.leads.get(1)).startswith("Lead(id=1, email='ada@example.com', first_name='Ada'")
    assert repr(shop.leads.find("country = 'SE'")).startswith("<lead where country = 'SE': Lead(id=2")
    assert repr(shop.leads.find("country = 'FR'")) == "<lead where country = 'FR': none>"
    assert "..." in repr(shop.events.find())
    assert repr(shop.leads.put_many([{"email": "x"}], skip_bad=True)) == "<0 created, 0 updated, 0 unchanged, 1 failed>"
    assert repr(shop.info()).startswith("Record(")


def test_showing_something_never_fails_and_reads_no_thing(shop, monkeypatch):
    ada = shop.leads.put(email="ada@example.com")
    assert repr(ada) == "<Lead id=1>" and ada._repr_html_() == "&lt;Lead id=1&gt;" and "tag" in dir(ada)
    gone = shop.leads.put(email="gone@example.com")
    gone.remove()
    assert repr(gone) == "<Lead id=3>" and "id" in dir(gone)
    assert repr(shop.leads.find("no such thing")) == "<lead where no such thing>"
    assert shop.leads.find("no such thing")._repr_html_() is None
    found = shop.leads.find("country = 'SE'")
    shop.close()
    assert repr(found) == "<lead where country = 'SE'>" and found._repr_html_() is None and repr(ada) == "<Lead id=1>"


def test_tables(shop):
    rows = shop.sql("SELECT id, email FROM lead ORDER BY id")
    assert isinstance(rows, kith.Rows) and isinstance(shop.schema(), kith.Rows) and isinstance(shop.events_after(0), kith.Rows)
    assert repr(rows) == "<rows: Record(id=1, email='ada@example.com'), Record(id=2, email='bob@example.com')>"
    assert repr(shop.sql("SELECT id FROM lead WHERE id = 9")) == "<rows: none>" and "in all" in repr(shop.schema("fields"))
    assert len(rows) == 2 and rows[-1].id == 2 and [row.id for row in reversed(rows)] == [2, 1]
    assert rows.to_arrow().num_rows == 2 and rows.to_pandas()["id"].tolist() == [1, 2] and rows.to_polars()["id"].to_list() == [1, 2]
    assert rows._repr_html_().count("<tr>") == 3 and "&lt;b&gt;" in shop.sql("SELECT '<b>' AS a")._repr_html_()


def test_a_kind_shows_its_first_rows(shop):
    assert shop.leads._repr_html_() == shop.leads.find()._repr_html_() and "bob@example.com" in shop.leads._repr_html_()
    shop.close()
    assert shop.leads._repr_html_() is None and "leads" in repr(shop.leads)


def test_html_is_escaped(crm):
    ada = crm.leads.put(email="ada@example.com", first_name=EVIL).refresh()
    for html in (ada._repr_html_(), crm.leads.find()._repr_html_(), crm.leads.find(columns="first_name")._repr_html_()):
        assert "<script>" not in html and "&lt;script&gt;" in html and "&quot;" in html
    note = ada.note(EVIL)
    assert "<script>" not in note._repr_html_()
    html = crm.sql("SELECT 1 AS '<b>'")[0]._repr_html_()
    assert "<b>" not in html


def test_html_of_many_is_short(crm):
    crm.leads.put_many([{"email": f"p{i}@example.com"} for i in range(50)])
    html = crm.leads.find()._repr_html_()
    assert html.count("<tr>") == 21 and "more" in html


def test_records_compare_by_value(crm):
    assert crm.sql("SELECT 1 AS a")[0] == crm.sql("SELECT 1 AS a")[0] != crm.sql("SELECT 2 AS a")[0]
    assert hash(crm.sql("SELECT 1 AS a")[0]) == hash(crm.sql("SELECT 1 AS a")[0])
    rows = crm.sql("SELECT 1 AS a UNION ALL SELECT 2")
    assert [row.a for row in rows[:1]] == [1] and rows[-1].a == 2 and rows.column("a") == [1, 2] and rows.names == ("a",)
    assert isinstance(rows[0], kith.Record)

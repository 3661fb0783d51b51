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


def test_html_is_escaped(crm):
    ada = crm.leads.put(email="ada@example.com", first_name=EVIL)
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

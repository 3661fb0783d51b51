"""Tables in and out through Arrow's C interface, which needs no pyarrow until somebody asks for one of its tables."""
import datetime as dt
import subprocess
import sys

import kith
import pandas
import polars
import pyarrow
import pytest


def test_out(shop):
    table = shop.leads.find(columns="id,email,country,created").to_arrow()
    assert table.column_names == ["id", "email", "country", "created"]
    assert table.schema.field("created").type == pyarrow.timestamp("ms", "UTC") and table.schema.field("id").type == pyarrow.int64()
    assert table.column("email").to_pylist() == ["ada@example.com", "bob@example.com"]
    frame = shop.leads.find("country = ?", "SE").to_pandas()
    assert isinstance(frame, pandas.DataFrame) and frame["email"].tolist() == ["bob@example.com"]
    frame = shop.leads.find().to_polars()
    assert isinstance(frame, polars.DataFrame) and frame["email"].to_list() == ["ada@example.com", "bob@example.com"]
    assert pyarrow.table(shop.sql("SELECT id FROM lead")).num_rows == 2
    assert pyarrow.record_batch(shop.sql("SELECT id FROM lead")).num_rows == 2
    assert shop.leads.get(1).timeline().to_arrow().num_rows == 1


def test_pages_and_limits(crm):
    crm.leads.put_many([{"email": f"p{i}@example.com", "city": None if i % 3 else f"C{i}"} for i in range(140000)])
    table = crm.leads.find(columns="id,email,city").to_arrow()
    assert table.num_rows == 140000 and len(table.column("id").chunks) > 2
    assert table.column("id").to_pylist() == list(range(1, 140001))
    assert table.column("email")[139999].as_py() == "p139999@example.com" and table.column("city").null_count == 140000 - 46667
    assert crm.leads.find(columns="id", limit=70000).to_arrow().num_rows == 70000
    assert crm.leads.find(columns="id", limit=3, sort="-id").to_arrow().column("id").to_pylist() == [140000, 139999, 139998]
    assert crm.leads.find(columns="id", limit=0).to_arrow().num_rows == 0
    none = crm.leads.find("email = ?", "nobody@example.com", columns="id,email,created").to_arrow()
    assert none.num_rows == 0 and none.schema.field("created").type == pyarrow.timestamp("ms", "UTC")


def test_in(crm):
    table = pyarrow.table({"email": ["ada@example.com", "bob@example.com"], "birth_date": [dt.date(1815, 12, 10), None]})
    assert crm.leads.put_many(table).created == 2
    assert crm.leads.get(1).birth_date == dt.date(1815, 12, 10)
    assert crm.leads.put_many(polars.DataFrame({"email": ["c@example.com"], "city": ["Paris"]}), by="import").created == 1
    assert crm.leads.put_many(pandas.DataFrame({"email": ["d@example.com"], "city": [None]})).created == 1
    assert crm.leads.put_many(pyarrow.record_batch({"email": ["e@example.com"]})).created == 1
    report = crm.leads.put_many(pyarrow.table({"email": ["nonsense", "f@example.com"]}), skip_bad=True)
    assert (report.failed, report.created) == (1, 1)
    with pytest.raises(kith.Invalid):
        crm.leads.put_many(pyarrow.table({"email": ["nonsense"]}))


def test_pandas_frames_as_they_are(crm):
    frame = pandas.DataFrame({"email": ["b@example.com", "a@example.com", "c@example.com"], "city": ["Paris", None, "Rome"], "extra": [1, 2, 3]})
    chosen = frame[frame["city"].notna()].sort_values("email", ascending=False)  # its index is no range any more
    assert crm.leads.put_many(chosen, columns=["email", "city"]).created == 2
    assert crm.leads.put_many(pandas.DataFrame({"email": ["a@example.com"], "city": ["X"]}).set_index("email")).created == 1
    frame = pandas.DataFrame({"email": ["d@example.com", "e@example.com"], "country": pandas.Categorical(["SE", None])})
    assert crm.leads.put_many(frame).created == 2 and [lead.country for lead in crm.leads.find("id > 3")] == ["SE", None]
    assert crm.leads.get("a@example.com").city == "X"
    assert crm.leads.put_many(pyarrow.table({"email": ["f@example.com"], "x": [1]}), columns=["email"]).created == 1
    assert crm.leads.put_many(polars.DataFrame({"email": ["g@example.com"], "x": [1]}), columns=["email"]).created == 1
    assert crm.leads.put_many(pyarrow.table({"email": ["h@example.com"], "country": pyarrow.array(["SE"]).dictionary_encode()})).created == 1
    assert crm.leads.put_many(polars.DataFrame({"email": ["i@example.com"], "country": ["SE"]}, schema_overrides={"country": polars.Categorical})).created == 1
    with pytest.raises(TypeError, match="columns="):
        crm.leads.put_many(crm.leads.find(), columns=["email"])


def test_pandas_frames_without_pyarrow(crm, monkeypatch):
    def none(self, requested_schema=None):
        raise ImportError

    monkeypatch.setattr(pandas.DataFrame, "__arrow_c_stream__", none)
    crm.fields.put(key="seats", type="integer")
    crm.fields.put(key="trial", type="boolean")
    frame = pandas.DataFrame({"email": ["a@example.com", "b@example.com"], "seats": pandas.array([1, None], dtype="Int64"),
                              "trial": pandas.array([None, True], dtype="boolean"), "city": pandas.array(["Paris", None], dtype="string")})
    assert crm.leads.put_many(frame[::-1]).created == 2
    assert [(lead.seats, lead.trial, lead.city) for lead in crm.leads.find(sort="email")] == [(1, None, "Paris"), (None, True, None)]


def test_only_an_array(crm):
    class Batch:
        def __arrow_c_array__(self, requested_schema=None):
            return pyarrow.record_batch({"email": ["ada@example.com"]}).__arrow_c_array__()

    assert crm.leads.put_many(Batch()).created == 1


def test_a_frame_without_arrow(crm):
    class Frame:
        columns = ["email", "city"]

        def itertuples(self, index, name):
            return iter([("ada@example.com", float("nan")), ("bob@example.com", "Paris")])

    assert crm.leads.put_many(Frame()).created == 2 and crm.leads.get(1).city is None


def test_from_one_database_to_another(shop):
    with kith.open(memory=True) as copy:
        assert copy.leads.put_many(shop.leads.find(columns="email,first_name")).created == 2
    assert shop.leads.put_many(shop.leads.find(columns="id,first_name")).unchanged == 2


def test_a_stream_cannot_read_what_it_writes(shop):
    class Wrapped:
        def __arrow_c_stream__(self, requested_schema=None):
            reader = pyarrow.RecordBatchReader.from_stream(shop.leads.find(columns="id,first_name"))

            def batches():
                shop.leads.count()  # would wait for the put that waits for it
                yield from reader

            return pyarrow.RecordBatchReader.from_batches(reader.schema, batches()).__arrow_c_stream__()

    with pytest.raises((kith.Error, OSError)):
        shop.leads.put_many(Wrapped())
    assert shop.leads.count() == 2


def test_a_stream_keeps_the_database_and_says_when_it_is_closed(tmp_path):
    crm = kith.open(tmp_path / "shop.kith")
    crm.leads.put_many([{"email": f"p{i}@example.com"} for i in range(70000)])
    reader = pyarrow.RecordBatchReader.from_stream(crm.leads.find(columns="id"))
    other = pyarrow.RecordBatchReader.from_stream(crm.leads.find(columns="id"))
    del crm
    assert reader.read_all().num_rows == 70000
    crm = kith.open(tmp_path / "shop.kith")
    closed = pyarrow.RecordBatchReader.from_stream(crm.leads.find(columns="id"))
    crm.close()
    with pytest.raises(OSError, match="closed"):
        closed.read_all()
    del other


def test_unused_capsules_are_released(shop):
    for _ in range(100):
        shop.leads.find().__arrow_c_stream__()
        shop.sql("SELECT 1 AS one").__arrow_c_array__()


def test_no_pyarrow_is_imported():
    program = ("import kith, sys; crm = kith.open(memory=True); crm.leads.put_many([{'email': 'a@b.se'}]); list(crm.leads); "
               "crm.leads.find().__arrow_c_stream__(); assert not {'pyarrow', 'numpy', 'pandas', 'polars'} & set(sys.modules)")
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)

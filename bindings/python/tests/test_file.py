"""The file: options, closing, errors, transactions, backup, and other copies of SQLite in the process."""
import datetime as dt
import pickle
import sqlite3
import subprocess
import sys

import kith
import pytest


def test_options(tmp_path):
    path = tmp_path / "shop.kith"
    with pytest.raises(kith.NotFound):
        kith.open(path, existing=True)
    with kith.open(path, normal_sync=True, busy=dt.timedelta(seconds=1)) as crm:
        crm.leads.put(email="ada@example.com")
        assert crm.path == str(path) and not crm.closed and "shop.kith" in repr(crm) and "shop.kith" in repr(crm.leads)
    with kith.open(str(path), read_only=True) as crm:
        assert crm.leads.count() == 1
        with pytest.raises(kith.ReadOnly):
            crm.leads.put(email="bob@example.com")
    with kith.open(memory=True) as crm:
        assert crm.info().leads == 0 and "memory" in repr(crm.leads)
    other = tmp_path / "other.kith"
    other.write_bytes(b"this is no database at all, but long enough to be looked at" * 50)
    with pytest.raises(kith.NotKith):
        kith.open(other)
    with pytest.raises(TypeError):
        kith.open(3)
    with pytest.raises(kith.Invalid, match="NUL"):
        kith.open("a\0b")


def test_busy(tmp_path):
    path = tmp_path / "shop.kith"
    with kith.open(path) as one, kith.open(path, busy=0) as two:
        with one.transaction():
            one.leads.put(email="ada@example.com")
            with pytest.raises(kith.Busy):
                two.leads.put(email="bob@example.com")
        assert two.leads.count() == 1


def test_closed(tmp_path):
    crm = kith.open(tmp_path / "shop.kith")
    ada = crm.leads.put(email="ada@example.com")
    read = crm.leads.get("ada@example.com")
    walk = iter(crm.leads.find())
    crm.close()
    crm.close()
    assert crm.closed and "closed" in repr(crm)
    for use in (crm.leads.count, ada.refresh, lambda: ada.tag("A"), lambda: next(walk), crm.info, crm.transaction().__enter__,
                lambda: crm.leads.put_many([{"email": "x@example.com"}]), lambda: crm.leads.find().__arrow_c_stream__()):
        with pytest.raises(kith.Closed, match="closed"):
            use()
    assert read.email == "ada@example.com"  # what was read stays
    crm.cancel()


def test_rows_hold_the_database(tmp_path):
    ada = kith.open(tmp_path / "shop.kith").leads.put(email="ada@example.com")
    assert ada.email == "ada@example.com" and ada.crm.leads.count() == 1


def test_errors(shop):
    with pytest.raises(kith.NotFound) as caught:
        shop.assign("ada@example.com", "VPI-Member")
    error = caught.value
    assert (error.status, error.field, error.nearest) == (kith.Status.NOT_FOUND, "tag", "VIP-Member")
    assert str(error) == error.message and "VIP-Member" in str(error) and "NOT_FOUND" in repr(error)
    assert isinstance(error, LookupError) and isinstance(error, kith.Error)
    with pytest.raises(ValueError):
        shop.leads.put(email="nonsense")
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), again.status, again.field, again.nearest, str(again)) == (kith.NotFound, error.status, "tag", "VIP-Member", str(error))
    with pytest.raises(kith.Invalid, match="colour"):
        shop.assign("ada@example.com", "VIP-Member", colour="red")
    with pytest.raises(TypeError):
        shop.assign(None, "VIP-Member")


def test_every_class_has_its_status():
    assert kith.Retry("x").status == kith.Status.RETRY and kith.Closed("x").status == kith.Status.MISUSE
    assert kith.Error("x").status == kith.Status.INTERNAL and kith.Busy("x", status=99).status == 99
    again = pickle.loads(pickle.dumps(kith.Closed("x")))
    assert type(again) is kith.Closed and again.status == kith.Status.MISUSE


def test_why_of_what_is_no_event(shop):
    for bad in ("abc", "id:x", shop.leads.put):
        with pytest.raises((kith.Invalid, TypeError)) as error:
            shop.why(bad)
        assert "event" in str(error.value)


def test_transaction_block(shop):
    with shop.transaction():
        shop.leads.put(email="eve@example.com")
        with pytest.raises(ZeroDivisionError):
            with shop.transaction():
                shop.leads.put(email="mal@example.com")
                1 / 0
    assert shop.leads.count() == 3
    with pytest.raises(kith.Invalid):
        with shop.transaction():
            shop.leads.put(email="mal@example.com")
            shop.leads.put(email="nonsense")
    assert shop.leads.count() == 3
    with shop.transaction() as same:
        assert same is shop
        assert shop.leads.put_many([{"email": "a@b.se"}, {"email": "c@d.se", "city": "x"}]).created == 2
    assert shop.leads.count() == 5


def test_transaction_function_is_repeated(shop):
    tries = []

    def work():
        tries.append(1)
        shop.leads.put(email=f"p{len(tries)}@example.com")
        if len(tries) < 3:
            raise kith.Retry("the race was lost", status=kith.Status.RETRY)
        return len(tries)

    assert shop.transaction(work) == 3
    assert [lead.email for lead in shop.leads.find("id > 2")] == ["p3@example.com"]
    # Inside another transaction it is that one which must be repeated.
    tries.clear()
    with pytest.raises(kith.Retry):
        with shop.transaction():
            shop.transaction(work)
    assert len(tries) == 1


def test_retry_ends(crm):
    tries = []

    def work():
        tries.append(1)
        raise kith.Retry("again")

    with pytest.raises(kith.Retry):
        crm.transaction(work, attempts=3)
    assert len(tries) == 3 and crm.leads.count() == 0
    assert crm.transaction(lambda: 7) == 7


def test_backup_check_compact(tmp_path, shop):
    shop.backup(tmp_path / "copy.kith")
    with kith.open(tmp_path / "copy.kith") as copy:
        assert copy.leads.count() == 2 and copy.check() == [] and copy.check(repair=True) == []
        copy.compact()
        assert copy.info().leads == 2 and copy.info().kith == kith.__version__
    with pytest.raises(kith.Error):
        shop.backup(tmp_path / "copy.kith")


def test_another_sqlite_is_noticed(tmp_path):
    """The standard library's own SQLite opens the live file, and the next write is refused."""
    path = tmp_path / "shop.kith"
    program = f"""
import kith, sqlite3
crm = kith.open({str(path)!r})
crm.leads.put(email="ada@example.com")
other = sqlite3.connect({str(path)!r})
other.execute("SELECT count(*) FROM lead").fetchall()
for i in range(600):
    try:
        crm.leads.put(email=f"p{{i}}@example.com")
    except kith.ForeignSqlite as error:
        print(error)
        break
else:
    print("never noticed")
"""
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)
    assert said.returncode == 0 and "SQLite" in said.stdout and "never noticed" not in said.stdout, said
    with pytest.raises(kith.ForeignSqlite):
        foreign = sqlite3.connect(path)
        foreign.execute("SELECT count(*) FROM lead").fetchall()
        try:
            with kith.open(path) as crm:
                for i in range(600):
                    crm.leads.put(email=f"q{i}@example.com")
        finally:
            foreign.close()


def test_clock(crm, clock):
    clock.forward(days=1)
    assert crm.leads.put(email="ada@example.com").created == clock()
    with kith.open(memory=True, now=lambda: 86_400_000) as early:
        assert early.leads.put(email="ada@example.com").created == dt.datetime(1970, 1, 2, tzinfo=dt.timezone.utc)


def test_a_clock_that_fails():
    fails = False

    def now():
        if fails:
            raise ZeroDivisionError
        return 1_000

    with kith.open(memory=True, now=now) as crm:
        crm.leads.put(email="ada@example.com")
        fails = True
        with pytest.raises(ZeroDivisionError):
            crm.leads.put(email="bob@example.com")
        fails = False
        assert crm.leads.count() == 1
    for bad in (lambda: "noon", lambda: dt.datetime(2026, 1, 1), lambda: 2**70):
        with pytest.raises((TypeError, OverflowError, kith.Invalid)):
            kith.open(memory=True, now=bad).leads.put(email="ada@example.com")


def test_a_clock_cannot_use_the_database():
    held = []

    def now():
        if held:
            held[0].leads.count()
        return 1_000

    crm = kith.open(memory=True, now=now)
    held.append(crm)
    with pytest.raises(kith.Misuse, match="wait for itself"):
        crm.leads.put(email="ada@example.com")
    held.clear()
    crm.close()

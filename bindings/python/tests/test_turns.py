"""Whose turn it is: transactions belong to threads, forks and collectors find their way, and no C++ exception gets out."""
import gc
import subprocess
import sys
import threading
import time
import warnings
import weakref

import kith
import pytest
from conftest import SOURCE  # noqa: F401
from kith import _kith

SLOW = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1) SELECT max(i) AS m FROM n"


def in_thread(work):
    """Runs it in another thread; answers a function that waits and gives what it answered or raised."""
    told = []

    def call():
        try:
            told.append(work())
        except BaseException as error:  # noqa: B902
            told.append(error)

    thread = threading.Thread(target=call)
    thread.start()

    def result():
        thread.join(60)
        return told[0]

    return result


def test_a_failure_of_one_thread_does_not_undo_what_another_was_told_is_done(tmp_path):
    with kith.open(tmp_path / "shop.kith") as crm:
        begun, barrier, entered, told = threading.Event(), threading.Barrier(2), threading.Event(), threading.Event()

        def first():
            with crm.transaction():
                crm.leads.put(email="a@example.com")
                begun.set()
                barrier.wait(30)
                entered.wait(0.3)  # which it must not before this has ended
            told.set()
            return "done"

        def second():
            begun.wait(30)
            barrier.wait(30)
            with crm.transaction():
                entered.set()
                crm.leads.put(email="b@example.com")
                told.wait(5)
                raise ZeroDivisionError

        one, two = in_thread(first), in_thread(second)
        assert one() == "done" and isinstance(two(), ZeroDivisionError)
        assert [lead.email for lead in crm.leads] == ["a@example.com"]
    with kith.open(tmp_path / "shop.kith") as crm:
        assert crm.leads.count() == 1


@pytest.mark.parametrize("busy, least, most", [(0, 0, 4), (0.3, 0.3, 4)])  # and not the usual 5 s
def test_a_call_waits_for_a_transaction_as_long_as_busy_says(tmp_path, busy, least, most):
    with kith.open(tmp_path / "shop.kith", busy=busy) as crm:
        with crm.transaction():
            crm.leads.put(email="a@example.com")
            start = time.monotonic()
            for work in (lambda: crm.leads.put(email="b@example.com"), crm.leads.count, crm.transaction().__enter__):
                error = in_thread(work)()
                assert type(error) is kith.Busy and "another thread" in str(error)
            assert 3 * least <= time.monotonic() - start < 3 * most
        assert in_thread(lambda: crm.leads.put(email="c@example.com").id)() == 2 and crm.leads.count() == 2


def test_the_hidden_transaction_of_put_many_takes_in_nobody_else(crm):
    begun, go = threading.Event(), threading.Event()

    def rows():
        yield {"email": "a@example.com"}
        yield {"email": "b@example.com", "city": "Paris"}
        yield {"email": "c@example.com"}
        begun.set()
        go.wait(30)
        yield {"email": "nonsense"}

    many = in_thread(lambda: crm.leads.put_many(rows()))
    begun.wait(30)
    other = in_thread(lambda: crm.leads.put(email="d@example.com").outcome)
    time.sleep(0.1)
    go.set()
    assert type(many()) is kith.Invalid and other() == "created"
    assert [lead.email for lead in crm.leads] == ["d@example.com"]


def test_a_transaction_ends_in_its_own_thread(crm):
    transaction = crm.transaction()
    in_thread(transaction.__enter__)()
    with pytest.raises(kith.Misuse, match="in the thread that began it"):
        transaction.__exit__(None, None, None)
    crm.leads.put(email="a@example.com")
    assert in_thread(crm.leads.count)() == 1


def test_nested_transactions_of_two_threads(crm):
    def work(number):
        for i in range(20):
            with crm.transaction():
                crm.leads.put(email=f"t{number}-{i}@example.com")
                with pytest.raises(ZeroDivisionError), crm.transaction():
                    crm.leads.put(email=f"x{number}-{i}@example.com")
                    raise ZeroDivisionError
        return "done"

    results = [in_thread(lambda number=number: work(number)) for number in range(4)]
    assert [result() for result in results] == ["done"] * 4 and crm.leads.count() == 80


def test_a_stream_goes_on_in_the_transaction_it_was_made_in(crm):
    pyarrow = pytest.importorskip("pyarrow")
    crm.leads.put_many([(f"p{i}@example.com",) for i in range(70000)], columns=["email"])
    with crm.transaction():
        crm.leads.put(email="late@example.com")
        reader = pyarrow.RecordBatchReader.from_stream(crm.leads.find(columns="id"))
        assert in_thread(lambda: reader.read_all().num_rows)() == 70001


def test_closing_ends_the_wait(tmp_path):
    crm = kith.open(tmp_path / "shop.kith")
    crm.transaction().__enter__()
    waits = in_thread(crm.leads.count)
    time.sleep(0.1)
    crm.close()
    assert type(waits()) is kith.Closed


def test_ctrl_c_while_waiting():
    program = """
import kith, os, signal, threading
crm = kith.open(memory=True, busy=60)
begun = threading.Event()
def hold():
    crm.transaction().__enter__()
    begun.set()
threading.Thread(target=hold).start()
begun.wait()
threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT)).start()
try:
    crm.leads.count()
except KeyboardInterrupt:
    print("interrupted")
"""
    start = time.monotonic()
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=50).stdout == "interrupted\n"
    assert time.monotonic() - start < 20


def test_a_forked_child_closes_though_another_thread_was_in_a_call(tmp_path):
    program = f"""
import kith, os, threading, time
crm = kith.open({str(tmp_path / 'shop.kith')!r})
thread = threading.Thread(target=lambda: crm.sql({SLOW!r}, 5_000_000))
thread.start()
time.sleep(0.1)
child = os.fork()
if child == 0:
    try:
        crm.leads.count()
    except kith.Misuse:
        pass
    crm.cancel()
    assert not crm.closed
    crm.close()
    assert crm.closed
    del crm
    os._exit(7)
for _ in range(200):
    pid, code = os.waitpid(child, os.WNOHANG)
    if pid:
        break
    time.sleep(0.05)
else:
    os.kill(child, 9)
    os.waitpid(child, 0)
    code = -1
thread.join()
print(os.waitstatus_to_exitcode(code) if code >= 0 else "hung")
"""
    said = subprocess.run([sys.executable, "-W", "ignore", "-c", program], capture_output=True, text=True, timeout=60)
    assert said.stdout == "7\n", said


def test_memory_that_runs_out_is_an_exception():
    program = """
import kith, resource
crm = kith.open(memory=True)
now = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (now + 300_000_000,) * 2)
row = {"email": "x" * 10_000}
try:
    crm.leads.put_many([row] * 1_000_000)
except (MemoryError, kith.NoMemory) as error:
    print("caught", type(error).__name__)
print(crm.leads.put(email="ada@example.com").id)
"""
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)
    assert said.stdout == "caught MemoryError\n1\n", said


def test_a_database_that_its_clock_reaches_is_collected(tmp_path):
    def make():
        held = []

        def now():
            return len(held) * 1_000

        crm = kith.open(tmp_path / "shop.kith", now=now)
        held.append(crm)
        held.append(crm.leads.put(email="ada@example.com"))
        held.append(crm.leads.get("ada@example.com"))
        held.append(crm.schema())
        held.append(crm.leads)
        return weakref.ref(crm)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gone = make()
        gc.collect()
    assert gone() is None


def test_a_database_and_its_kinds_are_no_cycle():
    gc.disable()
    try:
        crm = kith.open(memory=True)
        crm.leads.put(email="ada@example.com")
        gone = weakref.ref(crm)
        with pytest.warns(ResourceWarning, match="was not closed"):
            del crm
        assert gone() is None
    finally:
        gc.enable()


def test_a_closed_database_goes_in_silence():
    with warnings.catch_warnings():
        warnings.simplefilter("error", ResourceWarning)
        with kith.open(memory=True) as crm:
            crm.leads.count()
        del crm
        gc.collect()


def test_what_a_clock_raises_reaches_the_thread_that_it_was_asked_in():
    wait, inside, asked = threading.Event(), threading.Event(), []

    def now():
        if on and not asked:
            asked.append(1)
            inside.set()
            wait.wait(10)
            raise ZeroDivisionError
        return 1_000

    on = False
    with kith.open(memory=True, now=now) as crm:
        on = True
        other = in_thread(lambda: crm.leads.put(email="bob@example.com"))
        inside.wait(10)
        mine = in_thread(lambda: crm.leads.count())  # waits for its turn
        wait.set()
        assert type(other()) is ZeroDivisionError and mine() == 0


def test_a_row_that_is_refreshed_while_a_cell_is_made(crm):
    """json.loads may let another thread run; here it refreshes the row itself."""
    import datetime as dt
    import json

    from kith import errors, things, values

    crm.fields.put(key="plan", type="choice", options=["basic", "pro"])
    field = crm.fields.get("plan")

    def loads(text):
        field.refresh()
        [crm.fields.get("plan") for _ in range(50)]
        return json.loads(text)

    def hooks(loads):
        _kith.set_hooks(errors._error, values.plain, loads, dt.datetime, dt.date, dt.timezone.utc, things.load, things.no_field, kith.Closed, kith.Rows)

    wanted = field.to_dict()
    hooks(loads)
    try:
        for read in (field.to_dict, lambda: dict(zip(field.keys(), field.values()))):
            assert read() == wanted
        assert field.options == field["options"] == ["basic", "pro"] and field[0] == wanted["id"]
    finally:
        hooks(json.loads)

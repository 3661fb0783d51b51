"""Threads, Ctrl-C, forks, and that nothing leaks."""
import gc
import os
import signal
import subprocess
import sys
import threading
import time
import tracemalloc

import kith
import pytest


def run_all(works):
    """Runs each in a thread of its own; what one raises fails the test."""
    failures = []

    def call(work):
        try:
            work()
        except BaseException as error:  # noqa: B902
            failures.append(error)

    threads = [threading.Thread(target=call, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert not failures and not any(thread.is_alive() for thread in threads), failures


def test_calls_take_turns(tmp_path):
    """Writers and readers in many threads on one database: nothing is lost, doubled or half seen."""
    with kith.open(tmp_path / "shop.kith", normal_sync=True) as crm:
        crm.tags.put(name="VIP")
        written, ids = threading.Event(), []

        def write(number):
            for i in range(60):
                with crm.transaction():
                    lead = crm.leads.put(email=f"t{number}-{i}@example.com", first_name=str(i))
                    lead.tag("VIP")
                ids.append(lead.id)
                assert lead.email == f"t{number}-{i}@example.com" and lead.first_name == str(i)

        def read():
            last = 0
            while not written.is_set():
                rows = list(crm.leads.find("tag 'VIP'", columns="id,email,first_name"))
                assert len(rows) >= last and all(row.email.endswith(f"-{row.first_name}@example.com") for row in rows)
                last = len(rows)
                untagged = crm.leads.count("not tag 'VIP'")  # a lead and its tag are one act
                assert untagged == 0, untagged

        def write_all():
            try:
                run_all([lambda number=number: write(number) for number in range(4)])
            finally:
                written.set()

        run_all([write_all, read, read])
        assert sorted(ids) == list(range(1, 241)) and crm.leads.count("tag 'VIP'") == 240
        assert crm.events.count("kind = 'lead.created'") == crm.events.count("kind = 'tag.assigned'") == 240
        assert crm.check() == []


def test_handles_of_one_file_work_beside_each_other(tmp_path):
    """A handle a thread: each waits for the other's commit, as long as busy says."""
    path = tmp_path / "shop.kith"
    kith.open(path).close()

    def work(number):
        with kith.open(path, normal_sync=True, busy=100) as crm:
            for i in range(40):
                crm.transaction(lambda: crm.leads.put(email=f"t{number}-{i}@example.com", by=str(number)) and crm.leads.put(email="all@example.com", city=f"{number}-{i}"))

    run_all([lambda number=number: work(number) for number in range(3)])
    with kith.open(path) as crm:
        assert crm.leads.count() == 121 and crm.check() == []
        # The value before each change is the one after the change before it: no update was lost.
        cities = [event.data["changes"]["city"] for event in crm.events.find("kind = 'lead.updated'", sort="id")]
        assert len(cities) == 119 and all(later[0] == earlier[1] for earlier, later in zip(cities, cities[1:]))


SLOW = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1) SELECT max(i) AS m FROM n"


CALLS = {
    "put": lambda crm: crm.leads.put(email="late@example.com").id,
    "put_many": lambda crm: crm.leads.put_many([{"email": "late@example.com"}, {"email": "later@example.com", "city": "Lund"}]).created,
    "record": lambda crm: crm.record("ada@example.com", "shop.looked", {"page": 1}),
    "record_many": lambda crm: crm.record_many([("ada@example.com", "shop.looked")], columns=("lead", "kind")).created,
    "assign_where": lambda crm: crm.leads.find("email contains 'ada'").tag("VIP"),
    "set_preferences": lambda crm: crm.set_preferences(crm.token("ada@example.com", "preferences").token, {"News": True}, consent="Yes"),
    "begin": lambda crm: crm.transaction(lambda: 1),
    "run": lambda crm: crm.leads.remove("ada@example.com") and crm.run() == (0, None),
}


@pytest.mark.parametrize("name", CALLS)
def test_the_gil_is_released(tmp_path, name):
    """A call waits in C for the lock of the file, which this thread gives back: it could not if the call held the GIL."""
    with kith.open(tmp_path / "shop.kith") as holder, kith.open(tmp_path / "shop.kith", busy=100) as crm:
        holder.tags.put(name="VIP")
        holder.lists.put(name="News", opt_in="single")
        holder.leads.put(email="ada@example.com")
        answers = []
        thread = threading.Thread(target=lambda: answers.append(CALLS[name](crm)))
        with holder.transaction():
            holder.leads.put(email="first@example.com")
            thread.start()
            thread.join(0.15)
            assert thread.is_alive(), answers
        thread.join(60)
        assert answers and answers[0], answers


def test_the_gil_is_released_while_rows_are_read(crm):
    steps, done = 0, threading.Event()

    def work():
        crm.sql(SLOW, 3_000_000)
        done.set()

    thread = threading.Thread(target=work)
    thread.start()
    while not done.is_set():
        steps += 1
        time.sleep(0.001)
    thread.join()
    assert steps > 5


def test_cancel(crm):
    caught = []

    def work():
        try:
            crm.sql(SLOW, 2_000_000_000)
        except kith.Error as error:
            caught.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    while thread.is_alive():
        time.sleep(0.02)
        crm.cancel()
    assert [type(error) for error in caught] == [kith.Cancelled]


def test_close_waits_for_calls(tmp_path):
    """The clock, which a call asks, tells when the call is inside, and holds it there."""
    inside, go, held = threading.Event(), threading.Event(), []

    def now():
        if held:
            inside.set()
            go.wait(60)
        return 1_000

    crm = kith.open(tmp_path / "shop.kith", now=now)
    held.append(True)
    seen = []
    call = threading.Thread(target=lambda: seen.append(crm.leads.put(email="ada@example.com").id))
    call.start()
    assert inside.wait(60)
    close = threading.Thread(target=crm.close)
    close.start()
    close.join(0.1)
    assert close.is_alive() and not seen
    go.set()
    call.join(60)
    close.join(60)
    assert seen == [1] and crm.closed
    with pytest.raises(kith.Closed):
        crm.leads.count()
    with kith.open(tmp_path / "shop.kith", read_only=True) as again:
        assert again.leads.get("ada@example.com").id == 1


@pytest.mark.skipif(os.name == "nt", reason="POSIX signals")
def test_ctrl_c():
    program = f"""
import kith, sys
crm = kith.open(memory=True)
try:
    print("ready", flush=True)
    crm.sql({SLOW!r}, 2_000_000_000)
except KeyboardInterrupt:
    print("interrupted", crm.leads.count())
"""
    process = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "ready\n"
    time.sleep(0.3)
    start = time.monotonic()
    process.send_signal(signal.SIGINT)
    rest, _ = process.communicate(timeout=25)
    assert rest == "interrupted 0\n" and process.returncode == 0 and time.monotonic() - start < 5


def test_another_handler_of_ctrl_c():
    """A host's own handler is called, and the call is cancelled."""
    program = f"""
import kith, signal
seen = []
signal.signal(signal.SIGINT, lambda *_: seen.append(1))
crm = kith.open(memory=True)
try:
    print("ready", flush=True)
    crm.sql({SLOW!r}, 2_000_000_000)
except kith.Cancelled:
    print("cancelled", len(seen), crm.leads.count())
"""
    process = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "ready\n"
    time.sleep(0.3)
    process.send_signal(signal.SIGINT)
    rest, _ = process.communicate(timeout=25)
    assert rest == "cancelled 1 0\n"


def test_a_forked_child_is_told(tmp_path):
    program = f"""
import kith, os, sys
crm = kith.open({str(tmp_path / 'shop.kith')!r})
child = os.fork()
if child == 0:
    try:
        crm.leads.put(email="ada@example.com")
    except kith.Misuse:
        os._exit(7)
    os._exit(1)
_, code = os.waitpid(child, 0)
crm.leads.put(email="bob@example.com")
sys.exit(os.waitstatus_to_exitcode(code))
"""
    assert subprocess.run([sys.executable, "-W", "ignore", "-c", program], timeout=60).returncode == 7


def test_nothing_leaks(shop):
    def work():
        ada = shop.leads.put(email="ada@example.com", first_name="Ada", tag="VIP-Member")
        ada.refresh().to_dict()
        for lead in shop.leads.find("country = ?", "SE", columns="id,email"):
            dict(lead)
        list(shop.leads.find().tuples())
        shop.leads.put_many([{"email": "ada@example.com"}, {"email": "bob@example.com", "city": None}])
        for bad in (lambda: shop.leads.put(email="nonsense"), lambda: ada.frist_name, lambda: shop.leads.put_many([{"email": "x"}]),
                    lambda: shop.leads.put(email=object()), lambda: shop.sql("nonsense")):
            with pytest.raises((kith.Error, AttributeError, TypeError)):
                bad()
        shop.leads.find().__arrow_c_stream__()
        kith.open(memory=True).close()

    for _ in range(20):
        work()
    gc.collect()
    tracemalloc.start()
    before, blocks = tracemalloc.get_traced_memory()[0], sys.getallocatedblocks()
    for _ in range(60):
        work()
    gc.collect()
    after, more = tracemalloc.get_traced_memory()[0], sys.getallocatedblocks()
    tracemalloc.stop()
    assert more - blocks < 600, more - blocks  # ten a round would be a leak
    assert after - before < 60_000


def test_memory_of_the_library_is_given_back(tmp_path):
    program = f"""
import kith, resource
crm = kith.open({str(tmp_path / 'shop.kith')!r})
crm.leads.put_many([{{"email": f"p{{i}}@example.com", "first_name": "x" * 50}} for i in range(20000)])
def work():
    for _ in crm.leads.find(): pass
    crm.leads.find().__arrow_c_stream__()
for _ in range(5): work()
first = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
for _ in range(40): work()
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - first)
"""
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=120)
    assert int(said.stdout) < 20_000, said.stdout  # KB; one table is about 8 MB

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


def test_calls_take_turns(crm):
    failures = []

    def work(number):
        try:
            for i in range(100):
                lead = crm.leads.put(email=f"t{number}-{i}@example.com")
                assert lead.email == f"t{number}-{i}@example.com"
                crm.leads.count()
        except BaseException as error:  # noqa: B902
            failures.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures and crm.leads.count() == 600


SLOW = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1) SELECT max(i) AS m FROM n"


def test_the_gil_is_released(crm):
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
    crm = kith.open(tmp_path / "shop.kith")
    seen = []
    thread = threading.Thread(target=lambda: seen.append(crm.sql(SLOW, 2_000_000)[0].m))
    thread.start()
    while not thread.is_alive() or not seen and crm.closed:
        time.sleep(0.001)
    time.sleep(0.02)
    crm.close()
    thread.join()
    assert seen == [2_000_000]


@pytest.mark.skipif(os.name == "nt", reason="POSIX signals")
def test_ctrl_c():
    program = f"""
import kith, sys
crm = kith.open(memory=True)
print("ready", flush=True)
try:
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
print("ready", flush=True)
try:
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

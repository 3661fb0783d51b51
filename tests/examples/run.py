"""Runs the example programs and compares what they print with what their readers are promised."""
import os
import subprocess
import sys
import tempfile

folder = sys.argv[1]


def run(*words):
    return subprocess.run([os.path.join(folder, words[0]), *words[1:]], check=True, capture_output=True, text=True, timeout=120).stdout


def expect(got, wanted):
    if got != wanted:
        sys.exit(f"got\n{got}\nwanted\n{wanted}")


with tempfile.TemporaryDirectory() as temp:
    first = run("first_steps", os.path.join(temp, "first.kith"))
    assert "lead 1: Ada@Example.com, Ada\n" in first, first
    assert "Ada got the tag VIP-Member\n" in first and "Ada is on News\n" in first, first

    shop = os.path.join(temp, "shop.kith")
    once = run("shop", shop, "order-1017", "ada@example.com", "4900")
    again = run("shop", shop, "order-1017", "ada@example.com", "4900")
    assert once.startswith("order-1017 is event ") and "; 1 leads," in once, once
    expect(again, once)  # telling it again changes nothing
    other = run("shop", shop, "order-1018", "ada@example.com", "100")
    assert other.startswith("order-1018 is event ") and other != once, other

    expect(run("two_processes", os.path.join(temp, "both.kith")), "2000 leads by two processes\n")

    news = run("newsletter", os.path.join(temp, "news.kith"))
    expect(news, "lead 1 is subscribed\nlead 2 is unsubscribed\nlead 3 is pending\n1 on the list\n")

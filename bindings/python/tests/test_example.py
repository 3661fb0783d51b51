"""The example of examples/python over real HTTP on loopback: signing up, confirming, preferences, leaving."""
import os
import re
import socket
import subprocess
import sys
import time

import httpx
import kith
import pytest
from conftest import SOURCE


@pytest.fixture
def site(tmp_path):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = open(tmp_path / "mail.txt", "w+", encoding="utf-8")
    environment = {**os.environ, "KITH_FILE": str(tmp_path / "signup.kith")}
    server = subprocess.Popen([sys.executable, "-m", "uvicorn", "--app-dir", str(SOURCE / "examples" / "python"), "--port", str(port), "signup:app"],
                              stdout=log, stderr=subprocess.DEVNULL, env=environment, cwd=tmp_path)
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=20) as client:
            for _ in range(200):
                try:
                    client.get("/")
                    break
                except httpx.TransportError:
                    assert server.poll() is None, "the server ended"
                    time.sleep(0.1)
            client.mail = lambda: (tmp_path / "mail.txt").read_text(encoding="utf-8")
            client.file = tmp_path / "signup.kith"
            yield client
    finally:
        server.terminate()
        server.wait(20)
        log.close()


def test_sign_up(site):
    assert "newsletter" in site.get("/").text
    assert site.post("/signup", data={"email": "ada@example.com"}).status_code == 400
    bad = site.post("/signup", data={"email": "<b>nonsense", "consent": "1"})
    assert bad.status_code == 400 and "<b>" not in bad.text and "email" in bad.text
    assert site.post("/signup", data={"email": "ada@example.com", "first_name": "Ada", "consent": "1"}).status_code == 200
    [link] = re.findall(r"http://\S+(/confirm/\S+)", site.mail())
    with kith.open(site.file, read_only=True) as crm:  # another process looks on
        assert not crm.may_send("ada@example.com", "Newsletter") and crm.leads.get("ada@example.com").first_name == "Ada"

    # A scanner follows the link, and nothing has happened.
    assert "Confirm" in site.get(link).text
    with kith.open(site.file, read_only=True) as crm:
        assert crm.may_send("ada@example.com", "Newsletter").why == "pending"
    welcome = site.post(link)
    assert welcome.status_code == 200
    with kith.open(site.file, read_only=True) as crm:
        assert crm.may_send("ada@example.com", "Newsletter")
        assert "newsletter" in str(crm.consent_proof("ada@example.com"))

    assert site.post(link).status_code == 200  # twice is fine

    centre = re.search(r'href="(/preferences/[^"]+)"', welcome.text).group(1)
    assert 'value="Newsletter" checked' in site.get(centre).text and 'value="Offers">' in site.get(centre).text
    assert site.post(centre, data={"list": ["Offers"]}).status_code == 200
    with kith.open(site.file) as crm:
        assert crm.may_send("ada@example.com", "Newsletter").why == "unsubscribed"
        crm.lists.put(name="Plain", opt_in="single")
        crm.subscribe("ada@example.com", "Plain")
        token = crm.token("ada@example.com", "unsubscribe", list="Plain").token
    assert site.post(f"/unsubscribe/{token}", data={"List-Unsubscribe": "One-Click"}).status_code == 200
    with kith.open(site.file, read_only=True) as crm:
        assert not crm.may_send("ada@example.com", "Plain")

    assert site.get("/confirm/nonsense").status_code == 404
    assert site.get("/preferences/nonsense").status_code == 400

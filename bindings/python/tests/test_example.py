"""The example of examples/python over real HTTP on loopback: from the form to the last unsubscription."""
import ast
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

EXAMPLE = SOURCE / "examples" / "python" / "signup.py"
SERVE = "import signup, socket, sys, uvicorn; uvicorn.Server(uvicorn.Config(signup.app)).run([socket.socket(fileno=int(sys.argv[1]))])"


class Site:
    def __init__(self, client, folder):
        self.client, self.file, self.mails = client, folder / "signup.kith", folder / "mail.txt"
        self.seen = 0

    def ask(self, where, form=None):
        where = re.sub(r"^http://[^/]+", "", where)
        answer = self.client.get(where) if form is None else self.client.post(where, data=form)
        return answer.status_code, answer.text

    def mail(self, count):
        """The next mails, of which there must be so many; they come from a thread of their own."""
        deadline = time.monotonic() + 60
        while True:
            found = re.findall(r"To: (\S+)\nSubject: (.*)\n(?:List-Unsubscribe: <(.*)>\n.*\n)?\n(?:.*: )?(http\S+)\n", self.mails.read_text(encoding="utf-8"))
            if len(found) >= self.seen + count:
                mails, self.seen = found[self.seen:], len(found)
                assert len(mails) == count, mails
                return mails
            assert time.monotonic() < deadline, found
            time.sleep(0.05)

    def why(self, address, of="News"):
        with kith.open(self.file, read_only=True) as crm:  # another process looks on
            return crm.may_send(address, of).why


@pytest.fixture
def site(tmp_path):
    # Bound and listening here, so that no other program can have the port, and requests wait for the server.
    with socket.create_server(("127.0.0.1", 0)) as listener, open(tmp_path / "mail.txt", "w", encoding="utf-8") as log, \
            open(tmp_path / "log.txt", "w", encoding="utf-8") as errors:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        environment = {**os.environ, "KITH_FILE": str(tmp_path / "signup.kith"), "KITH_URL": url, "PYTHONPATH": str(EXAMPLE.parent)}
        server = subprocess.Popen([sys.executable, "-c", SERVE, str(listener.fileno())], stdout=log, stderr=errors, env=environment, cwd=tmp_path,
                                  pass_fds=[listener.fileno()])
        try:
            with httpx.Client(base_url=url, timeout=60) as client:
                yield Site(client, tmp_path)
        finally:
            server.terminate()
            server.wait(60)
    said = (tmp_path / "log.txt").read_text(encoding="utf-8")
    assert "Traceback" not in said and "was not closed" not in said, said


def test_from_the_form_to_the_end(site):
    ask = site.ask
    assert "<form" in ask("/")[1]
    assert ask("/", {"email": "ada@example.com"})[0] == 422  # without consent nothing is done
    status, text = ask("/", {"email": "<b>nonsense", "consent": "on"})
    assert status == 422 and "<b>" not in text and "email" in text
    assert ask("/", {"consent": "on"})[0] == 422
    with kith.open(site.file) as crm:
        assert crm.leads.count() == 0
        crm.suppress("gone@example.com")

    answer = ask("/", {"email": "ada@example.com", "first_name": "<Ada>", "consent": "on"})
    assert answer[0] == 200 and site.why("ada@example.com") == "pending"
    [(to, subject, _, link)] = site.mail(1)
    assert (to, subject) == ("ada@example.com", "Please confirm")
    # Nobody learns from the page who is known, and who may not be written to.
    for address in ("ada@example.com", "gone@example.com", "new@example.com"):
        assert ask("/", {"email": address, "consent": "on"}) == answer, address
    with kith.open(site.file, read_only=True) as crm:
        assert crm.leads.get("gone@example.com") is None and crm.leads.get("ada@example.com").first_name == "<Ada>"
    again = site.mail(2)
    assert [mail[0] for mail in again] == ["ada@example.com", "new@example.com"]
    link = again[0][3]

    assert "Yes, I want News" in ask(link)[1] and site.why("ada@example.com") == "pending"  # a look confirms nothing
    assert ask(link, {})[0] == 200 and site.why("ada@example.com") == "allowed"
    assert ask(link)[0] == 410

    [(to, subject, leave, centre)] = site.mail(1)
    assert (to, subject) == ("ada@example.com", "Welcome")
    assert 'value="News" checked' in ask(centre)[1] and 'value="Events">' in ask(centre)[1]
    assert ask(centre, {"list": ["Events"]})[0] == 303 and site.why("ada@example.com") == "unsubscribed"
    assert 'value="News">' in ask(centre)[1] and 'value="Events" checked' in ask(centre)[1]
    assert ask(centre, {"list": ["News", "Events"]})[0] == 303 and site.why("ada@example.com") == "allowed"  # back by the reader's own act

    assert "<form" in ask(leave)[1] and site.why("ada@example.com") == "allowed"  # a look unsubscribes nobody
    assert ask(leave, {"List-Unsubscribe": "One-Click"})[0] == 200 and site.why("ada@example.com") == "unsubscribed"
    with kith.open(site.file) as crm:
        assert "about once a month" in str(crm.consent_proof("ada@example.com")) and crm.check() == []

    for where, form in (("/preferences/nonsense", None), ("/preferences/nonsense", {}), ("/unsubscribe/nonsense", {}), ("/confirm/nonsense", {})):
        status, text = ask(where, form)
        assert status == 403 and "token" not in text and "nonsense" not in text, where
    assert ask("/confirm/nonsense")[0] == 410


def test_no_endpoint_is_a_coroutine():
    """A call of Kith waits, and a coroutine would make everybody wait."""
    functions = [node for node in ast.parse(EXAMPLE.read_text(encoding="utf-8")).body if isinstance(node, ast.AsyncFunctionDef)]
    assert [function.name for function in functions] == ["working"]

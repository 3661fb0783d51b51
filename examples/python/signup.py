"""A sign-up page with a preference centre, on FastAPI: a form, a confirmation by e-mail, and links by which who reads them
manages what they get. Mail is only printed: put your sender into `send`.

    pip install fastapi uvicorn python-multipart ./bindings/python
    uvicorn --app-dir examples/python signup:app            then open http://127.0.0.1:8000

KITH_FILE names the file, signup.kith by default; KITH_URL is where its visitors find the page. The endpoints are plain functions,
which FastAPI calls in threads: a call of Kith may wait, and in a coroutine everybody would wait with it."""
import os
from contextlib import asynccontextmanager
from html import escape
from threading import Event, Thread
from typing import AsyncIterator, Dict, List, Optional

import kith
from fastapi import FastAPI, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from kith.extras import Extras

CONSENT = "I want the newsletter, about once a month."
URL = os.environ.get("KITH_URL", "http://127.0.0.1:8000")

crm = kith.open(os.environ.get("KITH_FILE", "signup.kith"))
crm.lists.put(name="News", public_name="Newsletter", description="Once a month", opt_in="double")
crm.lists.put(name="Events", description="When we are near you", opt_in="double")


def send(to: str, subject: str, text: str, headers: Optional[Dict[str, str]] = None) -> None:
    lines = [f"To: {to}", f"Subject: {subject}", *(f"{name}: {value}" for name, value in (headers or {}).items())]
    print("\n".join([*lines, "", text, ""]), flush=True)


def deliver(after: int) -> int:
    """Sends what the log asks for: every event since `after`. A shop keeps that number beside its own data."""
    for event in crm.events_after(after):
        lead = None if event.lead is None else crm.leads.get(event.lead)  # None too when it was removed since
        if lead is not None and event.kind == "subscription.confirm_wanted":
            token = lead.token("confirm", list=event.subject, cause=event.id).token
            send(lead.email, "Please confirm", f"{URL}/confirm/{token}")
        if lead is not None and event.kind == "subscription.welcome_wanted":
            centre = lead.token("preferences", cause=event.id).token
            leave = lead.token("unsubscribe", list=event.subject, cause=event.id).token
            send(lead.email, "Welcome", f"Change what you get: {URL}/preferences/{centre}",
                 {"List-Unsubscribe": f"<{URL}/unsubscribe/{leave}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"})
        after = event.id
    return after


@asynccontextmanager
async def working(app: FastAPI) -> AsyncIterator[None]:
    """While the server runs a thread does what is due, and sends."""
    stop = Event()

    def work() -> None:
        after = crm.info().last_event
        while not stop.wait(0.5):
            crm.run()
            after = deliver(after)

    thread = Thread(target=work)
    thread.start()
    yield
    stop.set()
    thread.join()
    crm.close()


app = FastAPI(lifespan=working)


def page(title: str, body: str = "", status: int = 200) -> HTMLResponse:
    return HTMLResponse(f'<!doctype html><meta charset="utf-8"><title>{escape(title)}</title><h1>{escape(title)}</h1>{body}', status)


def by(request: Request) -> Extras:
    return {"by": "signup page", "ip": request.client.host if request.client else None}


STATUS: Dict[int, int] = {kith.Status.INVALID: 422, kith.Status.LIMIT: 422, kith.Status.NOT_FOUND: 404,
                          kith.Status.REFUSED: 403, kith.Status.CONFLICT: 409, kith.Status.BUSY: 503}


@app.exception_handler(kith.Error)
def failed(request: Request, error: kith.Error) -> HTMLResponse:
    status = STATUS.get(error.status, 500)
    # The message of what was typed wrong helps who typed it; every other may say something of other people.
    said = {422: error.message, 403: "This link is not valid.", 404: "There is no such page."}.get(status, "Please try again later.")
    return page("That did not work", f"<p>{escape(said)}", status)


@app.get("/")
def form() -> HTMLResponse:
    return page("Newsletter", f"""<form method="post">
        <p><label>E-mail <input name="email" type="email" required></label>
        <p><label>First name <input name="first_name"></label>
        <p><label><input name="consent" type="checkbox" required> {escape(CONSENT)}</label>
        <p><button>Sign up</button></form>""")


@app.post("/")
def signup(request: Request, email: str = Form(""), first_name: str = Form(""), consent: str = Form("")) -> HTMLResponse:
    if not consent:
        return page("Newsletter", "<p>Please say that you want it.", 422)
    given = {"email": email, **({"first_name": first_name} if first_name else {})}
    try:
        # One transaction: no lead without its subscription. The answer is the same whether or not the address is known.
        with crm.transaction():
            lead = crm.leads.put(given, extras={**by(request), "fill_gaps": True, "source": "signup page"})
            crm.subscribe(lead, "News", **by(request), via="form", consent=CONSENT)
    except (kith.Refused, kith.Conflict):
        pass  # an address that may not be written to is told what all are told; the reason is nobody's business but its owner's
    return page("Thank you", "<p>A message is on its way. Please follow the link in it.")


# Looking at a link changes nothing, for mail scanners look at every one; the button does.
@app.get("/confirm/{token}")
def ask(token: str) -> HTMLResponse:
    known = crm.token_look(token)
    if known is None or known.state != "live":
        return page("This link is no longer valid", status=410)
    return page("Confirm", f'<form method="post"><button>Yes, I want {escape(known.list or "it")}</button></form>')


@app.post("/confirm/{token}")
def confirm(request: Request, token: str) -> HTMLResponse:
    crm.confirm(token, **by(request))
    return page("Welcome", "<p>You are on the list.")


@app.get("/preferences/{token}")
def preferences(token: str) -> HTMLResponse:
    boxes = "".join(
        f'<p><label><input type="checkbox" name="list" value="{escape(row.list)}"{" checked" if row.state == "subscribed" else ""}> '
        f"{escape(row.name)}</label> {escape(row.description or '')}" for row in crm.preferences(token))
    return page("What you get", f'<form method="post">{boxes}<p><button>Save</button></form>')


@app.post("/preferences/{token}")
def save(request: Request, token: str, wanted: List[str] = Form([], alias="list")) -> RedirectResponse:
    changes = {row.list: row.list in wanted for row in crm.preferences(token)}
    crm.set_preferences(token, changes, **by(request), consent=CONSENT)
    return RedirectResponse(request.url.path, 303)


@app.get("/unsubscribe/{token}")
def leave(token: str) -> HTMLResponse:
    return page("Leave the list", '<form method="post"><button>Leave</button></form>')


@app.post("/unsubscribe/{token}")
def unsubscribe(request: Request, token: str) -> HTMLResponse:
    """RFC 8058: a mail program posts here by itself."""
    crm.unsubscribe_by_token(token, **by(request))
    return page("You are off the list")

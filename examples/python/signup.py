"""A sign-up page with double opt-in and a preference centre, on FastAPI and Kith.

    pip install fastapi uvicorn python-multipart ./bindings/python
    uvicorn signup:app            then open http://127.0.0.1:8000

KITH_FILE names the file, signup.kith by default. Mail is only printed: put your sender into `send`."""
import os
from html import escape

import kith
from fastapi import FastAPI, Form, Request
from fastapi.responses import HTMLResponse

CONSENT = "Yes, send me the newsletter. I can leave at any time."
app = FastAPI()
crm = kith.open(os.environ.get("KITH_FILE", "signup.kith"))
crm.lists.put(name="Newsletter", public_name="The newsletter", description="Once a month", opt_in="double")
crm.lists.put(name="Offers", public_name="Offers", description="When something is cheap", opt_in="double")


def send(to: str, subject: str, text: str) -> None:
    print(f"To: {to}\nSubject: {subject}\n{text}\n", flush=True)


def page(title: str, body: str, status: int = 200) -> HTMLResponse:
    return HTMLResponse(f"<!doctype html><title>{escape(title)}</title><h1>{escape(title)}</h1>{body}", status)


@app.exception_handler(kith.Error)
def failed(request: Request, error: kith.Error) -> HTMLResponse:
    """What Kith refuses is said to the visitor in its own sentence; what is nobody's business here is not."""
    if isinstance(error, (kith.Invalid, kith.Refused, kith.NotFound)):
        return page("That did not work", f"<p>{escape(error.message)}</p>", 400)
    raise error


@app.get("/")
def form() -> HTMLResponse:
    return page("Our newsletter", f"""<form method="post" action="/signup">
        <input name="email" type="email" required placeholder="you@example.com"> <input name="first_name" placeholder="First name">
        <label><input name="consent" type="checkbox" value="1" required> {escape(CONSENT)}</label> <button>Sign up</button></form>""")


@app.post("/signup")
def signup(request: Request, email: str = Form(), first_name: str = Form(""), consent: str = Form("")) -> HTMLResponse:
    if not consent:
        return page("That did not work", "<p>Without your consent there is no newsletter.</p>", 400)
    ip = request.client.host if request.client else None
    with crm.transaction():
        lead = crm.leads.put({"email": email}, extras={"by": "signup page"})
        if first_name:
            crm.leads.put({"id": lead.id, "first_name": first_name}, fill_gaps=True, by="signup page")
        # Who is on the list already stays so, and hears nothing new; the page says the same to everybody.
        wants = crm.subscribe(lead, "Newsletter", consent=CONSENT, via="form", ip=ip)
        token = crm.token(lead, "confirm", list="Newsletter").token if wants else None
    if token:
        send(email, "Please confirm", f"{request.base_url}confirm/{token}")
    return page("Nearly done", "<p>Look into your mailbox: we sent you a link.</p>")


# Mail scanners follow links, so a link only shows a page, and its button acts.
@app.get("/confirm/{token}")
def ask(token: str) -> HTMLResponse:
    known = crm.token_look(token)
    if known is None or known.purpose != "confirm" or known.state not in ("live", "used"):
        return page("This link is no longer good", "<p>Please sign up again.</p>", 404)
    return page("One click more", '<form method="post"><button>Confirm my subscription</button></form>')


@app.post("/confirm/{token}")
def confirm(request: Request, token: str) -> HTMLResponse:
    with crm.transaction():
        event = crm.confirm(token, ip=request.client.host if request.client else None)
        # 0: confirmed before, and nothing changed.
        centre = crm.token(crm.events[event].lead, "preferences").token if event else None
    link = f'<a href="/preferences/{escape(centre)}">Your preferences</a>' if centre else ""
    return page("Welcome", f"<p>You are on the list. {link}</p>")


@app.get("/preferences/{token}")
def preferences(token: str) -> HTMLResponse:
    rows = crm.preferences(token)
    boxes = "".join(
        f'<p><label><input type="checkbox" name="list" value="{escape(row.list)}"{" checked" if row.state in ("subscribed", "pending") else ""}> '
        f"<b>{escape(row.name)}</b> {escape(row.description or '')}</label></p>" for row in rows)
    return page("Your preferences", f'<form method="post">{boxes}<button>Save</button></form>')


@app.post("/preferences/{token}")
async def save(request: Request, token: str) -> HTMLResponse:
    form = await request.form()
    chosen = set(form.getlist("list"))
    changed = crm.set_preferences(token, {row.list: row.list in chosen for row in crm.preferences(token)}, consent="the preference page")
    return page("Saved", f"<p>{changed} changed.</p>")


@app.post("/unsubscribe/{token}")
def unsubscribe(token: str) -> HTMLResponse:
    """One click, as RFC 8058 has it: the address of the List-Unsubscribe header."""
    crm.unsubscribe_by_token(token)
    return page("Goodbye", "<p>You are off the list.</p>")

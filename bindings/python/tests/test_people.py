"""What is done with leads: tags, consent, tokens, merging, erasing, the log."""
import datetime as dt

import kith
import pytest


def test_tags(shop, clock):
    ada = shop.leads.get(1)
    event = ada.tag("VIP-Member", by="anna", expires=clock() + dt.timedelta(days=1))
    assert event > 0 and ada.tag("vip-member", expires=clock() + dt.timedelta(days=1)) == 0
    given = shop.assignments.find("lead = ?", ada.email).first()
    assert (given.lead, given.tag, given.by, given.at, given.expires) == (1, "VIP-Member", "anna", clock(), clock() + dt.timedelta(days=1))
    assert [lead.id for lead in shop.leads.find("tag 'VIP-Member'")] == [1]
    clock.forward(days=2)
    assert shop.leads.count("tag 'VIP-Member'") == 0
    done, following = shop.run()
    assert done == 1 and following is None
    ada.tag("VIP-Member")
    assert ada.untag("VIP-Member") > 0 and ada.untag("VIP-Member") == 0
    assert [(event.kind, event.by) for event in ada.timeline("kind starts with 'tag.'")] == [
        ("tag.unassigned", None), ("tag.assigned", None), ("tag.expired", None), ("tag.assigned", "anna")]


def test_tags_are_merged(shop):
    shop.tags.put(name="Vip")
    ada, bob = shop.leads.get(1), shop.leads.get(2)
    ada.tag("VIP-Member")
    bob.tag("Vip")
    kept = shop.tags.get("VIP-Member")
    assert kept.absorb("Vip") > 0 and shop.tags.get("Vip") is None
    assert [lead.id for lead in shop.leads.find("tag 'VIP-Member'")] == [1, 2] and kept.refresh().leads == 2
    assert kept.rename("Friends").name == "Friends" and shop.leads.count("tag 'Friends'") == 2


def test_run_says_when_to_come_again(shop, clock):
    until = clock() + dt.timedelta(hours=3)
    shop.assign("ada@example.com", "VIP-Member", expires=until)
    assert shop.run() == (0, until)
    clock.forward(hours=2)
    assert shop.run() == (0, until)
    clock.forward(hours=1)
    assert shop.run() == (1, None)


def test_keys_and_causes(shop):
    first = shop.record("ada@example.com", "order.paid", {"total": 90}, key="order-1")
    assert shop.record("ada@example.com", "order.paid", {"total": 90}, key="order-1") == first
    with pytest.raises(kith.Conflict):
        shop.record("bob@example.com", "order.paid", key="order-1")
    second = shop.assign("ada@example.com", "VIP-Member", cause=first)
    assert [event.kind for event in shop.why(second)] == ["tag.assigned", "order.paid"]
    assert shop.why(shop.events.get(second)) == shop.why(second)
    event = shop.events.get(first)
    assert (event.data, event.lead, event.cause) == ({"total": 90}, 1, None) and shop.events.get(second).cause == first
    assert len(shop.leads.get(1).timeline("kind = 'order.paid'").all()) == 1


def test_timeline(shop):
    ada = shop.leads.get(1)
    for i in range(5):
        ada.record("shop.looked", {"page": i}, subject=f"page-{i}")
    assert [event.data["page"] for event in ada.timeline("kind = ?", "shop.looked", limit=2)] == [4, 3]
    assert [event.subject for event in ada.timeline("kind = 'shop.looked' and subject = ?", "page-2")] == ["page-2"]
    whole = list(ada.timeline())
    assert [event.kind for event in whole] == ["shop.looked"] * 5 + ["lead.created"] and [event.id for event in whole] == sorted((event.id for event in whole), reverse=True)
    assert ada.timeline().first() == whole[0] and whole[-1].what == "was created" and list(shop.leads.get(2).timeline("kind = 'shop.looked'")) == []
    log = shop.events_after(0, 3)
    assert len(log) == 3 and [event.id for event in shop.events_after(log[-1].id)][0] == log[-1].id + 1


def test_record_many(shop, clock):
    before = clock() - dt.timedelta(days=1)
    rows = [{"lead": "ada@example.com", "kind": "shop.looked", "data": {"page": 1}, "key": "look-1", "at": before, "by": "web", "subject": "page-1"},
            {"lead": "nobody@example.com", "kind": "shop.looked", "data": None}]
    report = shop.record_many(rows, skip_bad=True)
    assert (report.created, report.failed, len(report)) == (1, 1, 2) and report.ids[1] == 0
    [failure] = report.failures
    assert (failure.row, type(failure.error), failure.error.field) == (1, kith.NotFound, "lead")
    event = shop.events[report.ids[0]]
    assert (event.lead, event.kind, event.data, event.at, event.by, event.subject) == (1, "shop.looked", {"page": 1}, before, "web", "page-1")
    again = shop.record_many(rows[:1])  # its key: told once
    assert (again.created, again.unchanged, again.ids) == (0, 1, report.ids[:1])
    with pytest.raises(kith.NotFound):
        shop.record_many([{"lead": "ada@example.com", "kind": "shop.looked"}, rows[1]])
    assert shop.events.count("kind = 'shop.looked'") == 1  # all, or none
    assert len(shop.record_many([("ada@example.com", "shop.looked")], columns=("lead", "kind"))) == 1


def test_consent(shop):
    ada = shop.leads.get(1)
    assert ada.subscribe("News") > 0
    assert ada.may_send("News") and ada.may_send("News").why == "allowed"
    assert ada.unsubscribe("News", reason="too many") > 0
    refusal = ada.may_send("News")
    assert not refusal and refusal.why == "unsubscribed" and refusal.allowed is False
    with pytest.raises(kith.Refused) as error:
        ada.subscribe("News")
    assert error.value.status == kith.Status.REFUSED
    assert ada.subscribe("News", consent="Send me news", ip="192.0.2.1") > 0
    acts = [(act["act"], act.get("from"), act.get("to"), act.get("consent"), act["ip"]) for act in ada.consent_proof()["acts"] if "to" in act]
    assert acts == [("subscription.subscribed", "none", "subscribed", None, None), ("subscription.unsubscribed", "subscribed", "unsubscribed", None, None),
                    ("subscription.subscribed", "unsubscribed", "subscribed", "Send me news", "192.0.2.1")]
    everything = ada.export()
    assert everything["lead"]["email"] == "ada@example.com" and "Send me news" in str(everything) and "too many" in str(everything)
    assert shop.subscriptions.find("lead = ?", 1).first().state == "subscribed"
    assert ada.unsubscribe() > 0 and shop.subscriptions.find("lead = ?", 1).first().state == "unsubscribed" and ada.may_send("News").why == "unsubscribed"


def test_acts_for_many(shop):
    assert shop.leads.find("country = ?", "SE").subscribe("News", by="fair") == 1 and shop.leads.find().subscribe("News") == 1
    assert shop.leads.count("list 'News'") == 2 and shop.leads.find("country = 'SE'").unsubscribe("News", reason="moved") == 1
    assert shop.leads.find().subscribe("News") == 0  # who left is passed over
    assert [subscription.state for subscription in shop.subscriptions.find(sort="lead")] == ["subscribed", "unsubscribed"]
    assert shop.leads.find().tag("VIP-Member") == 2 and shop.leads.find("country = 'GB'").untag("VIP-Member") == 1
    assert [lead.id for lead in shop.leads.find("tag 'VIP-Member'")] == [2]
    for act in ("tag", "untag", "subscribe", "unsubscribe"):
        with pytest.raises(TypeError, match="limit"):
            getattr(shop.leads.find(limit=1), act)("VIP-Member")
        with pytest.raises(TypeError, match="leads"):
            getattr(shop.tags.find(), act)("VIP-Member")


def test_pause_and_reports(shop, clock):
    ada = shop.leads.get(1)
    ada.subscribe("News")
    assert ada.pause("News", until=clock() + dt.timedelta(days=7), reason="holiday") > 0
    assert ada.may_send("News").why == "paused"
    assert shop.pauses.find().first().until == clock() + dt.timedelta(days=7)
    assert ada.resume("News") > 0 and ada.may_send("News")
    assert ada.pause(until=clock() + dt.timedelta(days=1)) > 0 and ada.may_send("News").why == "paused"
    clock.forward(days=1)
    assert ada.may_send("News")  # it ends by itself
    assert ada.pause(until=clock() + dt.timedelta(days=1)) > 0 and ada.resume() > 0 and ada.may_send("News")
    assert ada.report("delivered", "News") == 0 and ada.may_send("News")
    assert ada.report("bounced", bounce="hard", code="550 5.1.1 unknown") > 0
    refusal = ada.may_send()
    assert (refusal.why, refusal.detail) == ("suppressed", "hard_bounce")
    assert [(one.target, one.reason) for one in shop.suppressions.find()] == [("ada@example.com", "hard_bounce")]
    bob = shop.leads.put(email="bob@example.com", phone="+46701234567")
    assert bob.may_send(channel="sms")
    assert shop.sms_received("+46701234567", "STOP") > 0 and bob.may_send(channel="sms").why == "suppressed" and bob.may_send()
    assert shop.sms_received("+46701234567", "START") > 0 and bob.may_send(channel="sms")


def test_suppression(shop):
    assert shop.suppress("@example.com", reason="manual", note="by request") > 0
    assert not shop.may_send("ada@example.com")
    assert shop.suppressions.find().first().target == "@example.com"
    assert shop.unsuppress("@example.com") > 0 and shop.may_send("ada@example.com")


def test_tokens(shop, clock):
    ada = shop.leads.get(1)
    ada.subscribe("Deals")
    made = ada.token("confirm", list="Deals", expires=clock() + dt.timedelta(days=1))
    assert made.id > 0 and made.expires == clock() + dt.timedelta(days=1)
    assert shop.token_look(made.token).state == "live" and shop.token_look("nonsense") is None
    assert shop.confirm(made.token) > 0 and ada.may_send("Deals")
    center = ada.token("preferences").token
    assert {row.list: row.state for row in shop.preferences(center)} == {"News": "none", "Deals": "subscribed"}
    assert shop.set_preferences(center, {"News": True, "Deals": False}, consent="the page") == 2
    assert {row.list: row.state for row in shop.preferences(center)} == {"News": "subscribed", "Deals": "unsubscribed"}
    assert shop.unsubscribe_by_token(ada.token("unsubscribe", list="News").token, reason="link") > 0
    assert shop.my_data(ada.token("data").token)["lead"]
    spare = ada.token("data")
    assert shop.token_revoke(spare.id) > 0 and shop.token_look(spare.token).state == "revoked"
    with pytest.raises(kith.Refused):
        shop.my_data(spare.token)


def test_merge_and_duplicates(shop):
    shop.leads.put(email="ada@example.org", first_name="Ada", phone="+46701234567")
    shop.leads.put(email="ada@example.com", phone="+46701234567")
    [pair] = shop.duplicates()
    assert pair.reason == "phone" and {str(pair.lead), str(pair.other)} == {"1", "3"}
    ada, other = shop.leads.get(1), shop.leads.get(3)
    other.tag("VIP-Member")
    other.update(city="London")
    event = ada.merge("ada@example.org", survivor="lead")
    assert shop.leads.get("ada@example.org") == ada and shop.leads.get(3) == ada and shop.leads.count() == 2
    assert ada.refresh().city == "London" and [lead.id for lead in shop.leads.find("tag 'VIP-Member'")] == [1]
    assert shop.unmerge(event) > 0 and shop.leads.get("ada@example.org").id == 3
    assert ada.refresh().city is None and other.refresh().city == "London" and [lead.id for lead in shop.leads.find("tag 'VIP-Member'")] == [3]


def test_erase(shop):
    ada = shop.leads.get(1)
    ada.note("Likes engines")
    ada.record("shop.looked", {"name": "Lovelace"})
    erased = ada.erase(suppress=True)
    assert erased.event > 0 and erased.pending is False
    assert shop.leads.get("ada@example.com") is None and shop.notes.count() == 0 and shop.search("lovelace") == []
    assert not any("Lovelace" in str(event.data) or "ada@" in str(event.data) for event in shop.events.find())
    [kept] = shop.suppressions.find()
    assert (kept.target, kept.reason) == (None, "erased")
    again = shop.leads.put(email="ada@example.com")
    assert again.id == 3 and again.first_name is None and not again.may_send()
    with pytest.raises(kith.Refused, match=r"lift that first \(unsuppress\)"):
        again.subscribe("News")
    assert shop.leads.get(2).erase().pending is False and shop.suppressions.count() == 1  # suppress is asked for


def test_sql(shop):
    [row] = shop.sql("SELECT count(*) AS n, ?1 AS a, ?2 AS b FROM lead", "x", 2.5)
    assert (row.n, row.a, row.b) == (2, "x", 2.5)
    for words in ("DELETE FROM lead", "UPDATE lead SET city = 'x'", "PRAGMA journal_mode = DELETE", "ATTACH 'x.db' AS x", "SELECT load_extension('x')"):
        with pytest.raises(kith.Error) as error:
            shop.sql(words)
        assert error.value.status in (kith.Status.REFUSED, kith.Status.INVALID), words
    assert shop.leads.count() == 2 and shop.sql("SELECT city FROM lead WHERE city IS NOT NULL").column("city") == []
    with pytest.raises(kith.Invalid):
        shop.sql("SELECT nonsense FROM lead")


def test_csv(tmp_path, crm):
    path = tmp_path / "leads.csv"
    path.write_bytes("email;first_name\nada@example.com;Ada\nbjörn@example.com;Bj\u00f6rn\n".encode("cp1252"))
    with kith.read_csv(path) as csv:
        rows = list(csv)
        assert [(row.line, row.email, row.first_name) for row in rows] == [(2, "ada@example.com", "Ada"), (3, "bj\u00f6rn@example.com", "Bj\u00f6rn")]
        assert csv.progress == 1.0
    assert crm.leads.put_many(({"email": row.email, "first_name": row.first_name} for row in rows), skip_bad=True).created == 2
    with pytest.raises(kith.Misuse):
        csv.read()
    with kith.read_csv(path, header=False, delimiter=";", encoding="windows-1252") as csv:
        assert [row["2"] for row in csv.read(2)] == ["first_name", "Ada"] and 0 < csv.progress <= 1
        assert [row["2"] for row in csv.read(2)] == ["Bj\u00f6rn"] and len(csv.read(2)) == 0 and csv.progress == 1
    with pytest.raises(kith.Error):
        kith.read_csv(tmp_path / "nothing.csv")

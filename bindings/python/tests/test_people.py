"""What is done with leads: tags, consent, tokens, merging, erasing, the log."""
import datetime as dt

import kith
import pytest


def test_tags(shop, clock):
    ada = shop.leads.get(1)
    event = ada.tag("VIP-Member", by="anna", expires=clock() + dt.timedelta(days=1))
    assert event > 0 and ada.tag("vip-member", expires=clock() + dt.timedelta(days=1)) == 0
    assert shop.assignments.find("lead = ?", ada.email).first().tag == "VIP-Member"
    clock.forward(days=2)
    assert shop.leads.count("tag 'VIP-Member'") == 0
    done, following = shop.run()
    assert done == 1 and following is None
    ada.tag("VIP-Member")
    assert ada.untag("VIP-Member") > 0 and ada.untag("VIP-Member") == 0


def test_run_says_when_to_come_again(shop, clock):
    until = clock() + dt.timedelta(hours=3)
    shop.assign("ada@example.com", "VIP-Member", expires=until)
    assert shop.run() == (0, until)


def test_keys_and_causes(shop):
    first = shop.record("ada@example.com", "order.paid", {"total": 90}, key="order-1")
    assert shop.record("ada@example.com", "order.paid", {"total": 90}, key="order-1") == first
    with pytest.raises(kith.Conflict):
        shop.record("bob@example.com", "order.paid", key="order-1")
    second = shop.assign("ada@example.com", "VIP-Member", cause=first)
    assert [event.kind for event in shop.why(second)] == ["tag.assigned", "order.paid"]
    assert shop.why(shop.events.get(second)) == shop.why(second)
    assert shop.events.get(first).data == {"total": 90}


def test_timeline(shop):
    ada = shop.leads.get(1)
    for i in range(5):
        ada.record("shop.looked", {"page": i}, subject=f"page-{i}")
    assert [event.data["page"] for event in ada.timeline("kind = ?", "shop.looked", limit=2)] == [4, 3]
    assert len(list(ada.timeline())) == 6 and ada.timeline().first().what
    log = shop.events_after(0, 3)
    assert len(log) == 3 and [event.id for event in shop.events_after(log[-1].id)][0] == log[-1].id + 1


def test_record_many(shop):
    report = shop.record_many([{"lead": "ada@example.com", "kind": "shop.looked", "data": {"page": 1}},
                               {"lead": "nobody@example.com", "kind": "shop.looked", "data": None}], skip_bad=True)
    assert report.created == 1 and report.failures[0].row == 1 and report.ids[0] > 0
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
    assert ada.consent_proof() and ada.export()["lead"]
    assert ada.unsubscribe() > 0


def test_pause_and_reports(shop, clock):
    ada = shop.leads.get(1)
    ada.subscribe("News")
    assert ada.pause("News", until=clock() + dt.timedelta(days=7), reason="holiday") > 0
    assert ada.may_send("News").why == "paused"
    assert ada.resume("News") > 0 and ada.pause(until=clock() + dt.timedelta(days=1)) > 0 and ada.resume() > 0
    assert ada.report("delivered", "News") >= 0 and ada.report("bounced", bounce="hard", code="550 5.1.1 unknown") > 0
    assert ada.may_send().why == "suppressed"
    shop.leads.put(email="bob@example.com", phone="+46701234567")
    assert shop.sms_received("+46701234567", "STOP") > 0


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
    ada = shop.leads.get(1)
    event = ada.merge("ada@example.org", survivor="lead")
    assert shop.leads.get("ada@example.org") == ada
    assert shop.unmerge(event) > 0 and shop.leads.get("ada@example.org").id == 3


def test_erase(shop):
    erased = shop.leads.get(1).erase(suppress=True)
    assert erased.event > 0 and erased.pending is False
    assert shop.leads.get("ada@example.com") is None
    with pytest.raises(kith.Refused):
        shop.leads.put(email="ada@example.com") and shop.subscribe("ada@example.com", "News")


def test_sql(shop):
    [row] = shop.sql("SELECT count(*) AS n, ?1 AS a, ?2 AS b FROM lead", "x", 2.5)
    assert (row.n, row.a, row.b) == (2, "x", 2.5)
    with pytest.raises(kith.Refused):
        shop.sql("DELETE FROM lead")


def test_csv(tmp_path, crm):
    path = tmp_path / "leads.csv"
    path.write_bytes("email;first_name\nada@example.com;Ada\nbjörn@example.com;Bj\u00f6rn\n".encode("cp1252"))
    with kith.read_csv(path) as csv:
        rows = list(csv)
        assert [(row.line, row.first_name) for row in rows] == [(2, "Ada"), (3, "Bj\u00f6rn")] or [str(row.line) for row in rows] == ["2", "3"]
        assert csv.progress == 1.0
    assert crm.leads.put_many(({"email": row.email, "first_name": row.first_name} for row in rows), skip_bad=True).created == 2
    with pytest.raises(kith.Misuse):
        csv.read()
    with kith.read_csv(path, header=False, delimiter=";", encoding="windows-1252") as csv:
        assert len(csv.read(2)) == 2 and 0 < csv.progress <= 1
    with pytest.raises(kith.Error):
        kith.read_csv(tmp_path / "nothing.csv")

"""A program as users write it, which mypy --strict and pyright must pass; test_types.py also runs it."""
import datetime as dt
from typing import List, Optional

import kith
from kith.extras import SubscribeExtras
from kith.kinds import Lead


def vips(crm: kith.Database) -> List[str]:
    return [lead.email for lead in crm.leads.find("tag 'VIP-Member' and score >= ?", 0)]


def main() -> None:
    with kith.open(memory=True) as crm:
        crm.tags.put(name="VIP-Member", expires_after=dt.timedelta(days=30))
        crm.lists.put(name="News", opt_in="single")
        ada: Lead = crm.leads.put(email="ada@example.com", first_name="Ada", birth_date=dt.date(1815, 12, 10), by="me")
        event: int = ada.tag("VIP-Member", expires=dt.datetime.now(dt.timezone.utc) + dt.timedelta(days=1))
        agreed: SubscribeExtras = {"consent": "I want the news", "via": "form"}
        ada.subscribe("News", **agreed)
        name: Optional[str] = ada.first_name
        born: Optional[dt.date] = ada.birth_date
        made: dt.datetime = ada.created
        found: Optional[Lead] = crm.leads.get("ada@example.com")
        assert found == ada and name == "Ada" and born is not None and made.tzinfo is not None and event > 0
        report = crm.leads.put_many([{"email": "bob@example.com"}], tag="VIP-Member")
        count: int = report.created
        chain = crm.why(event)
        what: Optional[str] = chain[0].kind
        changed: int = crm.leads.find("country = ?", "SE").tag("VIP-Member")
        number: int = crm.transaction(lambda: crm.leads.count())
        with crm.transaction():
            crm.record(ada, "shop.cart_left", {"total": 90}, key="cart-1")
        following: Optional[dt.datetime] = crm.run().next
        if not crm.may_send(ada, "News"):
            raise AssertionError
        try:
            crm.assign(ada, "VPI-Member")
        except kith.NotFound as error:
            nearest: str = error.nearest
            assert nearest == "VIP-Member"
        assert (count, what, changed, number) == (1, "tag.assigned", 0, 2) and following is not None
        assert vips(crm) == ["ada@example.com", "bob@example.com"]


if __name__ == "__main__":
    main()

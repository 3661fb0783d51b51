"""What the types must refuse: each line ends with the code that mypy has for it. test_types.py holds it to that."""
import kith

with kith.open(memory=True, now=lambda: "noon") as crm:  # return-value
    crm.leads.put(email=3)  # arg-type
    crm.tags.get("A").rename("B")  # union-attr
    crm.assign("ada@example.com", "A", expires=1.5)  # arg-type
    crm.subscribe("ada@example.com", "News", via="pigeon")  # arg-type
    crm.subscribe("ada@example.com", "News", consnet="yes")  # call-arg
    text: str = crm.leads["ada@example.com"].score  # assignment
    crm.tags.put(nmae="A")  # call-arg
    crm.tags["A"].nmae  # attr-defined
    crm.events.put(kind="shop.looked")  # arg-type
    crm.leads.put_many([], tagg="A")  # call-arg
    crm.tags.put_many([], tag="A")  # call-arg
    crm.leads.put(email="ada@example.com", tag=1.5)  # arg-type
    crm.search("ada")[0].score  # attr-defined

"""What the types must refuse: each line ends with the code that mypy has for it. test_types.py holds it to that."""
import kith

with kith.open(memory=True) as crm:
    crm.leads.put(email=3)  # arg-type
    crm.tags.get("A").rename("B")  # union-attr
    crm.assign("ada@example.com", "A", expires=1.5)  # arg-type
    crm.subscribe("ada@example.com", "News", via="pigeon")  # arg-type
    crm.subscribe("ada@example.com", "News", consnet="yes")  # call-arg
    text: str = crm.leads["ada@example.com"].score  # assignment

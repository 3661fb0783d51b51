"""What the tests share: where the sources are, a clock that they set, and a database for each."""
import datetime as dt
import os
import pathlib

import kith
import pytest

SOURCE = pathlib.Path(os.environ.get("KITH_SOURCE") or pathlib.Path(__file__).parents[3])
UTC = dt.timezone.utc


class Clock:
    def __init__(self):
        self.now = dt.datetime(2026, 3, 1, 9, tzinfo=UTC)

    def __call__(self):
        return self.now

    def forward(self, **by):
        self.now += dt.timedelta(**by)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def crm(clock):
    with kith.open(memory=True, now=clock) as crm:
        yield crm


@pytest.fixture
def shop(crm):
    """A little of everything."""
    crm.tags.put(name="VIP-Member")
    crm.lists.put(name="News", opt_in="single")
    crm.lists.put(name="Deals", opt_in="double")
    crm.leads.put(email="ada@example.com", first_name="Ada", last_name="Lovelace", country="GB")
    crm.leads.put(email="bob@example.com", first_name="Bob", country="SE")
    return crm

"""What most tests of the record ask."""

import pytest

from apps.history.models import Event


@pytest.fixture
def told():
    """The history of a customer, oldest first: `told(account)` gives (kind, payload) pairs."""

    def read(account):
        events = Event.objects.on(account.timeline).order_by("id")
        return [(event.kind, event.payload) for event in events]

    return read

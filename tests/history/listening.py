"""Subscribers that tests use."""

from apps.history.models import Event
from tests.factories.history import EventFactory


def echo(event):
    """Leave a trace in the database for each event heard, so that hearing twice shows."""
    EventFactory(kind="tests.echoed", payload={"heard": event.pk})


def heard():
    """Ids of the events that were heard, in the order they were."""
    echoes = Event.objects.filter(kind="tests.echoed").order_by("id")
    return [event.payload["heard"] for event in echoes]

import pytest
from django.db import IntegrityError, transaction

from apps.history.models import Event
from tests.factories.history import EventFactory


@pytest.mark.django_db
def test_the_database_refuses_to_change_an_event():
    event = EventFactory()

    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        Event.objects.filter(pk=event.pk).update(kind="other")

    event.refresh_from_db()
    assert event.kind == "history.noted"


@pytest.mark.django_db
def test_the_database_refuses_to_delete_an_event():
    event = EventFactory()

    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        event.delete()

    assert Event.objects.count() == 1

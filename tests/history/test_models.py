import pytest
from django.db import IntegrityError, connection, transaction

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


@pytest.mark.django_db
def test_control_without_the_trigger_an_event_could_be_changed():
    event = EventFactory()

    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER history_event_append_only ON history_event")
    Event.objects.filter(pk=event.pk).update(kind="other")

    event.refresh_from_db()
    assert event.kind == "other"

"""In the demo somebody corrected a call, and a promise of the sale was met."""

import pytest
from django.core.management import call_command

from apps.accounts.models import Account, Insight
from apps.history.models import Event
from apps.notifications.models import Notification
from apps.saves.models import SaveCase


@pytest.mark.django_db
def test_a_correction_stands_in_a_heros_history_beside_a_promise_that_was_met(client):
    call_command("load_demo", "--size", "1")
    larkspur = Account.objects.get()
    client.force_login(larkspur.owner)

    page = client.get(larkspur.get_absolute_url()).content.decode()

    event = Event.objects.get(kind="saves.corrected")
    assert set(event.payload["changes"]) == {"stay_because", "mood"}
    assert f'id="event-{event.pk}"' in page
    assert "At the week 1 check-in Nadia told us" in page
    assert "Met on" in page
    assert Insight.objects.exclude(verdict="").count() == 1
    assert SaveCase.objects.get(pk=event.subject_id).version == 2
    assert Notification.objects.filter(event=event, user=larkspur.owner).exists()

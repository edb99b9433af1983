import re

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.accounts import actions as accounts
from apps.desk.queries import customer
from apps.history.models import Event, Pin
from tests.factories.accounts import AccountFactory
from tests.factories.history import EventFactory, PinFactory

KEY = "6f1d6f3e-0d3f-4a52-9c0e-7d2b1f0a9b11"


@pytest.fixture
def url(account):
    return reverse("desk:pins", args=[account.pk])


@pytest.fixture
def event(account):
    return EventFactory(timeline=account.timeline, payload={"text": "Never call on Mondays"})


def on_top(page):
    return [int(pk) for pk in re.findall(r'id="pinned-(\d+)"', page)]


def test_an_entry_is_pinned_on_top_with_who_did_it(as_agent, agent, account, url, event):
    EventFactory(timeline=account.timeline)

    response = as_agent.post(url, {"pin": event.pk})

    assert response["Location"] == f"{account.get_absolute_url()}#event-{event.pk}"
    page = as_agent.get(account.get_absolute_url()).content.decode()
    assert on_top(page) == [event.pk]
    assert "Pinned by Ada Lovett, today" in page
    assert page.count('name="unpin"') == 2  # on top, and where it happened
    assert page.count('name="pin"') == 1


def test_an_entry_is_taken_down(as_agent, account, url, event):
    PinFactory(event=event)

    as_agent.post(url, {"unpin": event.pk})

    assert not Pin.objects.exists()
    page = as_agent.get(account.get_absolute_url()).content.decode()
    assert on_top(page) == []
    assert "Never call on Mondays" in page


def test_the_newest_pin_is_first(as_agent, account):
    older, newer = (PinFactory(event__timeline=account.timeline) for _ in range(2))

    page = as_agent.get(account.get_absolute_url()).content.decode()

    assert on_top(page) == [newer.event_id, older.event_id]


def test_with_scripts_the_entries_alone_are_swapped(as_agent, url, event, htmx):
    page = as_agent.post(url, {"pin": event.pk}, headers=htmx("entries")).content.decode()

    assert page.lstrip().startswith('<form class="stack" method="post"')
    assert on_top(page) == [event.pk]
    assert "textarea" not in page  # what somebody is writing stays


def test_a_full_top_refuses_in_words(as_agent, account, url, event, htmx):
    for _ in range(5):
        PinFactory(event__timeline=account.timeline)

    part = as_agent.post(url, {"pin": event.pk}, headers=htmx("entries")).content.decode()
    whole = as_agent.post(url, {"pin": event.pk}, follow=True).content.decode()

    for page in (part, whole):
        assert "5 entries are pinned already. Unpin one of them first." in page
    assert Pin.objects.count() == 5


def test_pinning_keeps_the_place_in_the_timeline(as_agent, account, url, event, htmx):
    where = f"{url}?show=notes"

    response = as_agent.post(where, {"pin": event.pk})
    part = as_agent.post(where, {"pin": event.pk}, headers=htmx("entries")).content.decode()

    assert response["Location"] == f"{account.get_absolute_url()}?show=notes#event-{event.pk}"
    assert on_top(part) == []  # on top of everything, not of a part of it
    assert f'action="{account.get_absolute_url()}pins/?show=notes"' in part
    assert 'name="unpin"' in part


@pytest.mark.parametrize("sent", [{}, {"pin": "x"}, {"pin": 2**63}, {"unpin": 999_999_999}])
def test_what_is_no_entry_is_not_there(as_agent, url, event, sent):
    assert as_agent.post(url, sent).status_code == 404


def test_an_entry_of_another_customer_is_not_there(as_agent, url):
    assert as_agent.post(url, {"pin": EventFactory().pk}).status_code == 404


def test_entries_of_a_merged_record_are_pinned_with_the_others(as_agent, manager, account, url):
    part = AccountFactory()
    event = EventFactory(timeline=part.timeline)
    accounts.merge(account, part, by=manager, at=timezone.now())

    as_agent.post(url, {"pin": event.pk})

    page = as_agent.get(account.get_absolute_url()).content.decode()
    assert on_top(page) == [event.pk]


def test_whoever_may_not_pin_gets_no_buttons(account, event):
    PinFactory(event=event)

    page = customer.timeline(account)

    assert "<button" not in "".join([*page.pins, *page.days[0][1]])


def test_a_note_is_pinned_as_it_is_written(as_agent, account):
    url = reverse("desk:add-note", args=[account.pk])

    page = as_agent.post(
        url, {"text": "Ask for Colin", "key": KEY, "is_pinned": "on"}, follow=True
    ).content.decode()

    assert on_top(page) == [Event.objects.get().pk]


def test_a_note_that_does_not_fit_on_top_stays_to_be_sent_again(as_agent, account):
    for _ in range(5):
        PinFactory(event__timeline=account.timeline)
    url = reverse("desk:add-note", args=[account.pk])

    response = as_agent.post(url, {"text": "Ask for Colin", "key": KEY, "is_pinned": "on"})

    assert response.status_code == 422
    page = response.content.decode()
    assert "Unpin one of them first." in page
    assert "Ask for Colin</textarea>" in page
    assert Event.objects.count() == 5

import base64
import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.core.templatetags.mainstay import day
from apps.desk.queries import customer as customer_queries
from apps.history.models import Event
from tests.factories.accounts import ContactFactory
from tests.factories.history import EventFactory
from tests.factories.saves import SaveCaseFactory

KEY = "6f1d6f3e-0d3f-4a52-9c0e-7d2b1f0a9b11"


@pytest.fixture
def url(account):
    return account.get_absolute_url()


@pytest.fixture
def note_url(account):
    return reverse("desk:add-note", args=[account.pk])


def days(response):
    """The ids of the entries that a page shows, by day."""
    found = response.context["timeline"].days
    return [[int(re.search(r'id="event-(\d+)"', entry)[1]) for entry in day] for _, day in found]


def test_the_page_shows_who_they_are_and_what_happened(as_agent, account, url):
    ContactFactory(account=account, name="Dr Nadia Rahman")
    SaveCaseFactory(account=account, reason_text="Price: Budget cut")
    EventFactory(timeline=account.timeline, payload={"text": "Asked for the new <b>invoice</b>"})

    page = as_agent.get(url).content.decode()

    assert "<title>Larkspur Dental – Mainstay</title>" in page
    for text in ("Dr Nadia Rahman", "Price: Budget cut", "Ada Lovett", "£249"):
        assert text in page
    assert "new &lt;b&gt;invoice&lt;/b&gt;" in page


def test_a_new_customer_has_an_honest_empty_page(as_agent, account, url):
    page = as_agent.get(url).content.decode()

    assert "Nothing has happened yet." in page
    assert "They have never asked to leave." in page


@pytest.mark.parametrize(
    ("days_from_now", "words"), [(9, "Leaves"), (-9, "Left"), (None, "Customer for")]
)
def test_the_head_says_what_the_dates_say(as_agent, account, url, days_from_now, words):
    if days_from_now is not None:
        account.churned_on = timezone.localdate() + timedelta(days=days_from_now)
        account.save()

    page = as_agent.get(url).content.decode()

    assert words in page
    if days_from_now is not None:
        assert day(account.churned_on) in page


def test_a_prospect_has_no_time_as_a_customer(as_agent, account, url):
    account.started_on = None
    account.save()

    page = as_agent.get(url).content.decode()

    assert "Prospect" in page
    assert "Customer for" not in page


def test_the_timeline_is_newest_first_by_the_day_it_happened(as_agent, account, url):
    noon = timezone.now().replace(hour=12, minute=0)
    older = EventFactory(timeline=account.timeline, happened_at=noon - timedelta(days=2))
    newest = EventFactory(timeline=account.timeline, happened_at=noon - timedelta(days=1))
    late = EventFactory(
        timeline=account.timeline, happened_at=noon - timedelta(days=2, hours=1), recorded_at=noon
    )

    response = as_agent.get(url)

    assert days(response) == [[newest.pk], [older.pk, late.pk]]
    assert "Written down" in response.content.decode()


def test_a_filter_shows_its_kinds_and_how_many_there_are(as_agent, account, agent, url):
    EventFactory(timeline=account.timeline)
    created = EventFactory(
        timeline=account.timeline, kind="accounts.created", payload={}, actor=agent
    )

    response = as_agent.get(url, {"show": "record"})

    assert days(response) == [[created.pk]]
    chips = [(chip.key, chip.count, chip.is_on) for chip in response.context["timeline"].chips]
    assert chips == [("notes", 1, False), ("record", 1, True)]
    assert "Nothing of this kind yet." in as_agent.get(url, {"show": "saves"}).content.decode()


def test_an_unknown_filter_shows_everything(as_agent, account, url):
    EventFactory(timeline=account.timeline)

    assert len(days(as_agent.get(url, {"show": "nonsense"}))) == 1


def test_the_timeline_is_paged_by_links(as_agent, account, url, monkeypatch):
    monkeypatch.setattr(customer_queries, "SIZE", 2)
    noon = timezone.now().replace(hour=12)
    for n in range(5):
        EventFactory(timeline=account.timeline, happened_at=noon - timedelta(days=n))

    first = as_agent.get(url)
    second = as_agent.get(url, {"at": first.context["timeline"].older})
    back = as_agent.get(url, {"at": second.context["timeline"].newer})

    seen = [pk for page in (first, second) for day in days(page) for pk in day]
    assert len(set(seen)) == 4
    assert days(back) == days(first)
    assert "Show older" in second.content.decode()
    assert "Show newer" in second.content.decode()


def test_the_timeline_alone_is_swapped(as_agent, account, url, htmx):
    response = as_agent.get(url, headers=htmx("timeline"))

    assert response.content.decode().lstrip().startswith('<section class="stack" id="timeline"')


def test_a_note_is_written_and_seen(as_agent, agent, account, note_url):
    response = as_agent.post(note_url, {"text": "Rang about the invoice", "key": KEY}, follow=True)

    event = Event.objects.get()
    assert (event.kind, event.actor) == ("history.noted", agent)
    page = response.content.decode()
    assert "Note added." in page
    assert "Rang about the invoice" in page


def test_a_note_sent_twice_is_written_once(as_agent, note_url):
    for _ in range(2):
        as_agent.post(note_url, {"text": "Rang", "key": KEY})

    assert Event.objects.count() == 1


def test_a_note_can_say_when_it_happened_and_is_marked(as_agent, account, note_url):
    note = {"text": "Met at the fair", "key": KEY, "happened_at": "2026-01-05T10:00"}

    page = as_agent.post(note_url, note, follow=True).content.decode()

    assert Event.objects.get().is_back_dated
    assert "Written down" in page


def test_a_note_cannot_have_happened_in_the_future(as_agent, note_url):
    note = {"text": "Will meet", "key": KEY, "happened_at": "2999-01-05T10:00"}

    response = as_agent.post(note_url, note)

    assert response.status_code == 422
    assert "Choose a moment that has passed." in response.content.decode()


def test_with_scripts_a_note_answers_with_the_timeline(as_agent, note_url, htmx):
    response = as_agent.post(note_url, {"text": "Rang", "key": KEY}, headers=htmx("timeline"))

    page = response.content.decode()
    assert page.lstrip().startswith('<section class="stack" id="timeline"')
    assert "Rang" in page
    assert "data-focus" in page


def test_an_empty_note_is_refused_where_it_was_typed(as_agent, note_url, htmx):
    whole = as_agent.post(note_url, {"text": "  ", "key": KEY})
    part = as_agent.post(note_url, {"text": "  ", "key": KEY}, headers=htmx("timeline"))

    assert (whole.status_code, part.status_code) == (422, 422)
    assert "Write something first." in whole.content.decode()
    assert "Write something first." in part.content.decode()
    assert Event.objects.count() == 0


def test_a_private_teams_customer_is_not_there(as_agent, private_account):
    url = reverse("desk:add-note", args=[private_account.pk])

    assert as_agent.get(private_account.get_absolute_url()).status_code == 404
    assert as_agent.post(url, {"text": "Hello", "key": KEY}).status_code == 404
    assert Event.objects.count() == 0


def test_the_queries_do_not_grow_with_the_history(
    as_agent, account, agent, url, django_assert_max_num_queries
):
    for _ in range(3):
        EventFactory(timeline=account.timeline, actor=agent)
        ContactFactory(account=account)
        SaveCaseFactory(account=account)

    with django_assert_max_num_queries(14):
        as_agent.get(url)


def test_a_place_in_another_list_gives_the_newest(as_agent, account, url):
    event = EventFactory(timeline=account.timeline)
    cursor = base64.urlsafe_b64encode(b'["b","s","Larkspur",1]').decode()

    assert days(as_agent.get(url, {"at": cursor})) == [[event.pk]]

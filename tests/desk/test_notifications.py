import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.desk.queries import customer, notices
from apps.history.models import Event
from apps.notifications.models import Notification, Watch
from tests.factories.accounts import AccountFactory
from tests.factories.history import EventFactory
from tests.factories.notifications import NotificationFactory, WatchFactory
from tests.factories.users import make_person

INDEX = "/notifications/"


@pytest.fixture
def notice(agent, account, manager):
    """Ada has been told of a note of Max's."""
    event = EventFactory(
        timeline=account.timeline, actor=manager, payload={"text": "Call <them> back"}
    )
    return NotificationFactory(user=agent, event=event)


def page_of(client, **asked):
    return client.get(INDEX, asked).content.decode()


def test_the_page_says_who_did_what_on_which_customer(as_agent, notice, account):
    page = page_of(as_agent)

    for words in ("Larkspur Dental", "Max Brandt", "left a note", "You were mentioned", "Today"):
        assert words in page
    assert "Call &lt;them&gt; back" in page


def test_an_entry_opens_so_that_it_is_read_and_by_a_link_once_it_is(as_agent, notice, account):
    entry = f'href="{reverse("desk:entry", args=[account.pk, notice.event_id])}"'

    page = page_of(as_agent)
    assert (
        f'<form class="tail" id="open-{notice.pk}" method="post" action="{open_url(notice)}">'
        in page
    )
    assert f'type="submit" form="open-{notice.pk}" data-open-row>Larkspur Dental</button>' in page
    assert entry not in page

    Notification.objects.update(read_at=timezone.now())
    assert entry in page_of(as_agent)


def test_looking_marks_nothing_read(as_agent, notice):
    page_of(as_agent)

    assert Notification.objects.unread().count() == 1


def test_every_page_says_how_many_are_unread(as_agent, notice):
    assert 'aria-label="Notifications, 1 unread"' in as_agent.get("/").content.decode()

    Notification.objects.update(read_at=timezone.now())
    assert "unread" not in as_agent.get("/").content.decode()


def test_notifications_are_grouped_by_the_day_they_were_made(as_agent, agent, account):
    noon = timezone.now().replace(hour=12)
    for days in (0, 0, 3):
        NotificationFactory(
            user=agent,
            event=EventFactory(timeline=account.timeline),
            created_at=noon - datetime.timedelta(days=days),
        )
    # the oldest got the highest number, so the page begins with it
    days = as_agent.get(INDEX).context["listing"].days

    assert [len(each) for _, each in days] == [1, 2]


def test_unread_alone_can_be_shown(as_agent, notice, account):
    other = AccountFactory(name="Cobalt Climbing")
    NotificationFactory(
        user=notice.user, event=EventFactory(timeline=other.timeline), read_at=timezone.now()
    )

    assert "Cobalt Climbing" in page_of(as_agent)
    unread = page_of(as_agent, show="unread")
    assert "Larkspur Dental" in unread
    assert "Cobalt Climbing" not in unread


def test_an_empty_page_says_what_will_stand_here(as_agent):
    assert "Nothing yet" in page_of(as_agent)
    assert "You have read everything" in page_of(as_agent, show="unread")


def test_the_page_is_paged_by_links(as_agent, agent, account, monkeypatch):
    monkeypatch.setattr(notices, "SIZE", 2)
    for _ in range(3):
        NotificationFactory(user=agent, event=EventFactory(timeline=account.timeline))

    first = as_agent.get(INDEX, {"show": "unread"})
    second = as_agent.get(INDEX, {"at": first.context["listing"].older})

    assert "Show older" in first.content.decode()
    assert "Show newer" in second.content.decode()
    assert [len(each) for _, each in second.context["listing"].days] == [1]


@pytest.mark.parametrize(
    "cursor", ["nonsense", "WyJhIiwidCIsIjIwMjYtMDEtMDFUMDA6MDA6MDArMDA6MDAiLDFd"]
)
def test_a_cursor_of_another_list_shows_the_first_page(as_agent, notice, cursor):
    assert "Larkspur Dental" in page_of(as_agent, at=cursor)


def test_what_is_no_customer_and_who_was_removed_are_said_without_a_link(as_agent, agent):
    gone = AccountFactory(name="Gone Ltd", removed_at=timezone.now())
    NotificationFactory(user=agent, event=EventFactory(timeline=gone.timeline))
    NotificationFactory(user=agent)

    page = page_of(as_agent)

    assert "<strong>Gone Ltd</strong>" in page
    assert "<strong>Removed</strong>" in page


def test_a_private_teams_customer_is_neither_listed_nor_counted(as_agent, agent, private_account):
    NotificationFactory(user=agent, event=EventFactory(timeline=private_account.timeline))

    page = page_of(as_agent)

    assert "Hushed Ltd" not in page
    assert "Nothing yet" in page
    assert "Nothing unread" in page


def test_the_queries_do_not_grow_with_the_rows(as_agent, agent, django_assert_max_num_queries):
    for _ in range(4):
        NotificationFactory(user=agent, event=EventFactory(timeline=AccountFactory().timeline))

    with django_assert_max_num_queries(6):
        page_of(as_agent)


def open_url(notification):
    return reverse("desk:open-notification", args=[notification.pk])


def test_opening_marks_read_and_goes_to_the_entry(as_agent, notice, account):
    response = as_agent.post(open_url(notice))

    assert response.url == f"{account.get_absolute_url()}#event-{notice.event_id}"
    assert not Notification.objects.unread().exists()


def test_opening_what_is_gone_marks_read_and_says_so(as_agent, notice, account):
    account.removed_at = timezone.now()
    account.save()

    response = as_agent.post(open_url(notice), follow=True)

    assert "This customer is not here any more." in response.content.decode()
    assert not Notification.objects.unread().exists()


def test_nobody_opens_what_is_others_or_hidden_from_them(as_agent, agent, private_account):
    others = NotificationFactory()
    hidden = NotificationFactory(user=agent, event=EventFactory(timeline=private_account.timeline))

    for each in (others, hidden):
        assert as_agent.post(open_url(each)).status_code == 404
    assert Notification.objects.unread().count() == 2


def test_all_that_stood_on_the_page_are_marked_read(as_agent, notice):
    later = NotificationFactory(user=notice.user)

    page = as_agent.post("/notifications/read/", {"upto": notice.pk}, follow=True)

    assert "All marked read." in page.content.decode()
    assert Notification.objects.unread().get() == later


@pytest.mark.parametrize("upto", ["", "all", "-1", "9" * 30])
def test_marking_nonsense_read_changes_nothing(as_agent, notice, upto):
    assert as_agent.post("/notifications/read/", {"upto": upto}).status_code == 302
    assert Notification.objects.unread().count() == 1


def test_the_bell_answers_only_when_something_is_new(as_agent, notice, htmx):
    same = as_agent.get("/notifications/bell/", {"shown": "1"}, headers=htmx("bell"))
    new = as_agent.get("/notifications/bell/", {"shown": "0"}, headers=htmx("bell"))

    assert (same.status_code, same.content) == (204, b"")
    assert "Notifications, 1 unread" in new.content.decode()
    assert as_agent.get("/notifications/bell/").url == INDEX


def test_an_entry_is_found_on_the_page_of_its_timeline(as_agent, account, monkeypatch):
    monkeypatch.setattr(customer, "SIZE", 2)
    at = timezone.now()
    events = [
        EventFactory(timeline=account.timeline, happened_at=at - datetime.timedelta(days=days))
        for days in range(4)
    ]

    def go(event):
        return as_agent.get(reverse("desk:entry", args=[account.pk, event.pk]))

    assert go(events[1]).url == f"{account.get_absolute_url()}#event-{events[1].pk}"
    for event in events[2:]:
        url = go(event).url
        assert url.endswith(f"#event-{event.pk}")
        page = as_agent.get(url).content.decode()
        assert f'id="event-{event.pk}"' in page
        assert f'id="event-{events[0].pk}"' not in page


def test_an_entry_of_a_record_given_up_is_shown_with_the_one_that_was_kept(as_agent, account):
    loser = AccountFactory(merged_into=account)
    event = EventFactory(timeline=loser.timeline)

    response = as_agent.get(reverse("desk:entry", args=[loser.pk, event.pk]))

    assert response.url == f"{account.get_absolute_url()}#event-{event.pk}"


def test_an_entry_of_another_or_a_hidden_customer_is_not_there(as_agent, account, private_account):
    elsewhere = EventFactory(timeline=AccountFactory().timeline)
    hidden = EventFactory(timeline=private_account.timeline)

    for of, event in ((account, elsewhere), (private_account, hidden)):
        assert as_agent.get(reverse("desk:entry", args=[of.pk, event.pk])).status_code == 404


def test_following_and_stopping_without_scripts(as_agent, agent, account):
    url = account.get_absolute_url()

    page = as_agent.post(f"{url}follow/", follow=True).content.decode()
    assert "You follow Larkspur Dental." in page
    assert "Stop following" in page
    assert Watch.objects.get().user == agent

    page = as_agent.post(f"{url}unfollow/", follow=True).content.decode()
    assert "You don’t follow Larkspur Dental any more." in page
    assert not Watch.objects.exists()


def test_following_with_scripts_answers_with_the_list_alone(as_agent, account, htmx):
    for _ in range(5):
        WatchFactory(timeline=account.timeline)

    url = f"{account.get_absolute_url()}follow/"
    page = as_agent.post(url, headers=htmx("following")).content.decode()

    assert page.lstrip().startswith('<div id="following">')
    assert "Ada Lovett" in page
    assert "+2" in page
    assert "data-focus" in page


def test_a_private_teams_customer_is_not_followed(as_agent, private_account):
    for verb in ("follow", "unfollow"):
        url = f"{private_account.get_absolute_url()}{verb}/"
        assert as_agent.post(url).status_code == 404
    assert not Watch.objects.exists()


# --- Notes that tell -------------------------------------------------------------

KEY = "6f1d6f3e-0d3f-4a52-9c0e-7d2b1f0a9b11"


@pytest.fixture
def helen(team):
    return make_person("manager", name="Helen Adeyemi", team=team)


def send(client, account, **fields):
    return client.post(reverse("desk:add-note", args=[account.pk]), {"key": KEY, **fields})


def mentions():
    payload = Event.objects.get().payload
    return [each["name"] for each in payload.get("mentions", [])]


def test_who_is_picked_in_the_text_is_told(as_agent, account, helen, ran_jobs):
    send(as_agent, account, text="@Helen Adeyemi please look", mentions=[helen.pk])
    ran_jobs()

    assert mentions() == ["Helen Adeyemi"]
    assert Notification.objects.get().user == helen
    page = as_agent.get(account.get_absolute_url()).content.decode()
    assert '<span class="mention">@Helen Adeyemi</span> please look' in page


def test_who_was_picked_and_deleted_again_is_not_told(as_agent, account, helen):
    ben = make_person(name="Ben Okoro")
    send(as_agent, account, text="Nothing for @Ben Okoro", mentions=[helen.pk, ben.pk, ben.pk])

    assert mentions() == ["Ben Okoro"]


def test_without_scripts_people_are_chosen_from_a_list(as_agent, account, helen):
    page = as_agent.get(account.get_absolute_url()).content.decode()
    assert ">Helen Adeyemi</option>" in page
    assert 'data-hint="Manager"' in page

    page = send(as_agent, account, text="Please look", tell=[helen.pk], mentions=[helen.pk])

    assert mentions() == ["Helen Adeyemi"]
    page = as_agent.get(account.get_absolute_url()).content.decode()
    assert '<span class="mention">@Helen Adeyemi</span>' in page


@pytest.mark.parametrize("given", ["0", "x", "9" * 30, "-1", "²"])
def test_ids_of_nobody_are_ignored(as_agent, account, given):
    send(as_agent, account, text="Please look", tell=[given], mentions=[given])

    assert mentions() == []


def test_who_does_not_see_a_private_customer_cannot_be_told(
    client, private_account, private_team, outsider, agent, helen
):
    private_team.lead = helen
    private_team.save()
    client.force_login(outsider)

    page = client.get(private_account.get_absolute_url()).content.decode()
    send(client, private_account, text="Look", tell=[agent.pk, helen.pk, outsider.pk])

    assert ">Helen Adeyemi</option>" in page
    assert ">Ada Lovett</option>" not in page
    assert mentions() == ["Helen Adeyemi", "Nour Haddad"]


def test_a_refused_note_keeps_whom_it_tells(as_agent, account, helen):
    page = send(as_agent, account, text=" ", tell=[helen.pk], mentions=[helen.pk])

    html = page.content.decode()
    assert page.status_code == 422
    assert f'<input type="hidden" name="mentions" value="{helen.pk}">' in html
    assert " selected>Helen Adeyemi</option>" in html


def test_a_customer_of_no_team_can_be_told_to_everybody(as_agent, helen):
    account = AccountFactory(team=None)
    send(as_agent, account, text="Look", tell=[helen.pk])

    assert mentions() == ["Helen Adeyemi"]

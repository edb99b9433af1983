"""The page on which people choose how they are told."""

from datetime import time

import pytest
import time_machine
from django.urls import reverse

from apps.notifications import queries
from apps.notifications.models import Preference, Rhythm
from apps.notifications.rules import USUAL, USUAL_QUIET, Channels, Quiet
from tests.factories.history import EventFactory
from tests.factories.notifications import LetterFactory, NotificationFactory

PAGE = reverse("desk:notification-settings")


@pytest.fixture(autouse=True)
def on_a_tuesday(now):
    with time_machine.travel(now, tick=False):
        yield


def test_the_page_shows_what_counts_without_a_word(as_agent, django_assert_max_num_queries):
    with django_assert_max_num_queries(8):
        page = as_agent.get(PAGE).content.decode()

    assert "A task is at risk or late" in page
    assert 'name="late" value="mail"' in page
    assert 'value="20:00"' in page
    assert "ada@example.com" in page
    assert PAGE in as_agent.get(reverse("desk:notifications")).content.decode()


def test_people_choose_and_change_it_again(as_agent, agent):
    typed = {
        "mentioned": "mail",
        "late": ["bell", "mail"],
        "quiet_from": "19:00",
        "quiet_until": "08:00",
        "digest_at": "08:30",
    }
    response = as_agent.post(PAGE, typed)
    assert (response.status_code, response["Location"]) == (302, PAGE)

    chosen = queries.choices(agent)
    assert chosen.channels == {
        "mentioned": Channels(rings=False, is_mailed=True),
        "late": Channels(rings=True, is_mailed=True),
        **dict.fromkeys(["task", "owner", "watching"], Channels(rings=False)),
    }
    assert (chosen.quiet, chosen.digest_at) == (Quiet(time(19), time(8)), time(8, 30))
    page = as_agent.get(PAGE).content.decode()
    assert 'value="08:30"' in page
    as_agent.post(PAGE, {})
    assert queries.choices(agent).quiet is None
    assert 'value="20:00"' not in as_agent.get(PAGE).content.decode()
    assert (Rhythm.objects.get().next_digest_at, Preference.objects.count()) == (None, 5)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"quiet_from": "19:00"}, "Write both times, or neither."),
        ({"quiet_until": "08:00"}, "Write both times, or neither."),
        ({"quiet_from": "08:00", "quiet_until": "08:00"}, "Choose another time"),
        ({"quiet_from": "late"}, "Enter a valid time"),
        ({"owner": "pigeon"}, "pigeon is not one of the available choices"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(as_agent, agent, typed, words):
    response = as_agent.post(PAGE, typed)

    assert response.status_code == 422
    assert words in response.content.decode()
    assert queries.choices(agent).channels == USUAL
    assert queries.choices(agent).quiet == USUAL_QUIET


def test_the_page_says_when_a_mail_may_not_have_arrived(as_agent, agent, now):
    LetterFactory(notification=NotificationFactory(user=agent), state="uncertain", done_at=now)

    page = as_agent.get(PAGE).content.decode()

    assert "1 notice of the last 7 days may not have reached you by e-mail." in page


@pytest.mark.parametrize(
    ("did", "words", "history"),
    [
        ({}, "Several tasks are late", "are past their moment"),
        ({"did": "late"}, "Several tasks are late", "are past their moment"),
        ({"did": "given"}, "Several late tasks are yours now", "in time are yours now"),
        (
            {"did": "taken"},
            "Several late tasks of yours were given to others",
            "in time were given to others",
        ),
    ],
)
def test_several_late_tasks_are_one_notice_that_leads_to_the_queue(
    as_agent, agent, did, words, history
):
    event = EventFactory(
        timeline=agent.member.timeline,
        kind="tasks.escalated_together",
        actor=None,
        payload={"told_id": agent.pk, **did},
    )
    notice = NotificationFactory(user=agent, event=event, why="late")

    page = as_agent.get(reverse("desk:notifications")).content.decode()
    assert words in page
    assert history in page
    assert f'href="{reverse("tasks:mine")}"' in page
    response = as_agent.post(reverse("desk:open-notification", args=[notice.pk]))
    assert response["Location"] == reverse("tasks:mine")

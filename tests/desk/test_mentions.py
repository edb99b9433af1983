"""Names that are typed to their end in a note, without picking them from the list."""

import json
import uuid

import pytest
from django.urls import reverse

from apps.history.models import Event
from apps.notifications.models import Notification, Watch
from tests.factories.users import make_person


@pytest.fixture
def helen(team):
    return make_person("manager", name="Helen Adeyemi", team=team)


@pytest.fixture
def sams(team):
    """Two colleagues of one name."""
    return [
        make_person(name="Sam Reed", email=f"{name}@example.com", team=team)
        for name in ("sam", "reed")
    ]


def send(client, account, *, headers=None, **fields):
    url = reverse("desk:add-note", args=[account.pk])
    fields["key"] = str(uuid.uuid4())
    return client.post(url, fields, headers=headers, follow=True)


def payload():
    return Event.objects.order_by("pk").last().payload


def test_a_name_that_is_typed_to_its_end_is_told_as_if_it_was_picked(
    as_agent, account, helen, ran_jobs
):
    make_person(name="Helen")
    page = send(as_agent, account, text="Ask @helen adeyemi please.").content.decode()
    ran_jobs()

    assert payload() == {
        "text": "Ask @Helen Adeyemi please.",
        "mentions": [{"id": helen.pk, "name": "Helen Adeyemi"}],
    }
    assert Notification.objects.get().user == helen
    assert Watch.objects.filter(user=helen, timeline=account.timeline).exists()
    assert "Note added." in page
    assert "Nobody was told" not in page


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Ask @Hel", "@Hel is not a colleague’s full name."),
        ("@Helen, @Bob and @Bob", "@Helen, @Bob are not full names of colleagues."),
        ("@Sam Reed knows", "several colleagues are called Sam Reed. Pick one as you type."),
        ("@sam reed knows", "several colleagues are called sam reed. Pick one as you type."),
    ],
)
def test_a_name_of_nobody_or_of_several_tells_nobody_and_the_page_says_so(
    as_agent, account, helen, sams, text, said
):
    page = send(as_agent, account, text=text).content.decode()
    assert "Note added." in page
    assert f"<span>Nobody was told: {said}</span>" in page
    assert payload() == {"text": text}

    htmx = {"HX-Request": "true", "HX-Target": "timeline"}
    fragment = send(as_agent, account, headers=htmx, text=text)
    toast = json.loads(fragment["HX-Trigger"])["toast"]
    assert toast == {"text": f"Nobody was told: {said}", "tone": "warn"}
    assert "HX-Trigger" not in send(as_agent, account, headers=htmx, text="mail@ada.example")


@pytest.mark.parametrize("field", ["mentions", "tell"])
def test_of_several_with_one_name_whoever_was_chosen_is_told(as_agent, account, sams, field):
    page = send(as_agent, account, text="@Sam Reed knows", **{field: [sams[1].pk]})

    assert payload()["mentions"] == [{"id": sams[1].pk, "name": "Sam Reed"}]
    assert "Nobody was told" not in page.content.decode()


def test_whoever_is_written_in_the_very_letters_is_meant(as_agent, account, sams, team):
    small = make_person(name="sam reed", email="small@example.com", team=team)
    send(as_agent, account, text="@sam reed knows")

    assert payload()["mentions"] == [{"id": small.pk, "name": "sam reed"}]


def test_who_does_not_see_the_customer_is_not_told(client, private_account, outsider, helen):
    client.force_login(outsider)
    page = send(client, private_account, text="@Helen Adeyemi, look").content.decode()

    assert "Nobody was told: @Helen is not a colleague’s full name." in page
    assert "mentions" not in payload()

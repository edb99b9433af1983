"""The forms of a customer and of a contact say who else has them open."""

import datetime

import pytest
import time_machine
from django.test import Client

from apps.workspace.models import Presence
from tests.accounts.asking import said, url
from tests.factories.accounts import ContactFactory
from tests.factories.users import make_person

MINUTES = datetime.timedelta(minutes=1)


@pytest.fixture
def contact(account):
    return ContactFactory(account=account, name="Colin Reed")


@pytest.fixture
def his(team):
    """A browser in which Ben has signed in."""
    client = Client()
    client.force_login(make_person(name="Ben Okoro", email="ben@example.com", team=team))
    return client


def test_the_form_says_who_opened_it_and_since_when(as_agent, his, account, now):
    page = as_agent.get(url("edit", account.pk))
    assert said(page, f'data-presence="{url("presence", account.pk)}"')
    assert not Presence.objects.exists()
    with time_machine.travel(now, tick=False):
        his.post(url("presence", account.pk))
    with time_machine.travel(now + datetime.timedelta(minutes=2), tick=False):
        Presence.objects.update(seen_at=now + datetime.timedelta(seconds=100))
        heard = as_agent.post(url("presence", account.pk)).content.decode()
        assert "Ben Okoro opened this 2\xa0minutes ago and is still here." in heard
        Presence.objects.filter(user__name="Ben Okoro").update(
            seen_at=now + datetime.timedelta(seconds=60)
        )
        heard = as_agent.post(url("presence", account.pk)).content.decode()
        assert "Ben Okoro opened this 2\xa0minutes ago." in heard

    assert his.post(url("presence", account.pk), {"left": "1"}).status_code == 204
    assert "Ben" not in as_agent.post(url("presence", account.pk)).content.decode()
    assert not said(as_agent.get(url("new")), "data-presence")


def test_the_contact_form_says_who_opened_it_and_when(as_agent, his, account, contact, now):
    address = url("contact-presence", account.pk, contact.pk)
    page = as_agent.get(url("contact-edit", account.pk, contact.pk))
    assert said(page, f'data-presence="{address}"')
    assert not said(as_agent.get(url("contact-new", account.pk)), "data-presence")
    assert not Presence.objects.exists()

    with time_machine.travel(now, tick=False):
        his.post(address)
    with time_machine.travel(now + MINUTES, tick=False):
        heard = as_agent.post(address)

    assert said(heard, "Ben Okoro opened this a minute ago.")
    assert his.post(address, {"left": "1"}).status_code == 204
    assert not said(as_agent.post(address), "Ben Okoro")


def test_who_edits_the_customer_or_another_contact_is_not_named(as_agent, his, account, contact):
    his.post(url("presence", account.pk))
    his.post(url("contact-presence", account.pk, ContactFactory(account=account).pk))

    heard = as_agent.post(url("contact-presence", account.pk, contact.pk))

    assert not said(heard, "Ben Okoro")


def test_a_contact_elsewhere_or_removed_is_not_there(as_agent, account, contact, now):
    elsewhere = ContactFactory()
    contact.removed_at = now
    contact.save()

    for each in (elsewhere, contact):
        address = url("contact-presence", account.pk, each.pk)
        assert as_agent.post(address).status_code == 404
    assert not Presence.objects.exists()

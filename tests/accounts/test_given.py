"""Who is given many customers at once is told of it once."""

import uuid
from datetime import timedelta

import pytest

from apps.accounts.models import Account
from apps.history.models import Event
from apps.notifications.models import Notification
from apps.workspace.actions import bulk
from tests.factories.accounts import AccountFactory
from tests.factories.users import UserFactory


@pytest.fixture
def give(manager, now, ran_jobs):
    """Give so many customers to somebody, and let the worker tell of it."""

    def give(count, to, *, by=manager):
        pks = [AccountFactory(owner=None).pk for _ in range(count)]
        change = bulk.preview(
            "accounts.owner",
            rows=Account.objects.filter(pk__in=pks).values_list("pk", "name"),
            by=by,
            at=now,
            key=uuid.uuid4(),
            arguments={"owner": to and to.pk},
        )
        change = bulk.work(bulk.confirm(change, by=by, at=now), clock=lambda: now)
        ran_jobs()
        return change

    return give


def given():
    rows = Notification.objects.order_by("user__name")
    return [(row.user.name, row.event.payload) for row in rows.select_related("user", "event")]


def test_the_new_owner_is_told_once_of_all_of_them(give, agent):
    change = give(37, agent)

    assert change.done == 37
    assert given() == [("Ada Lovett", {"count": 37})]
    event = Event.objects.get(kind="accounts.customers_given")
    assert event.timeline == agent.member.timeline


def test_several_chunks_are_one_notice(give, agent, monkeypatch):
    monkeypatch.setattr(bulk, "CHUNK", 2)

    give(5, agent)

    assert given() == [("Ada Lovett", {"count": 5})]


def test_nobody_is_told_what_they_took_themselves_or_what_became_nobodys(give, manager, agent):
    give(2, manager)
    give(2, None)
    agent.is_active = False
    agent.save()
    give(2, agent)
    give(2, UserFactory())  # who never joined
    give(0, manager)

    assert Notification.objects.count() == 0


def test_who_had_them_all_is_told_nothing(give, agent, manager, now, ran_jobs):
    account = AccountFactory(owner=agent)
    change = bulk.preview(
        "accounts.owner",
        rows=Account.objects.filter(pk=account.pk).values_list("pk", "name"),
        by=manager,
        at=now,
        key=uuid.uuid4(),
        arguments={"owner": agent.pk},
    )
    bulk.work(bulk.confirm(change, by=manager, at=now), clock=lambda: now)
    ran_jobs()

    assert Notification.objects.count() == 0


def test_an_undo_says_nothing_more(give, agent, manager, now, ran_jobs):
    change = give(3, agent)

    bulk.work(bulk.undo(change, by=manager, at=now), clock=lambda: now + timedelta(minutes=1))
    ran_jobs()

    assert Account.objects.filter(owner=agent).count() == 0
    assert given() == [("Ada Lovett", {"count": 3})]


def test_the_bell_leads_to_the_list_of_ones_own(as_agent, give, agent):
    give(2, agent)

    assert 'aria-label="Notifications, 1 unread"' in as_agent.get("/").content.decode()
    page = as_agent.get("/notifications/").content.decode()
    assert "Max Brandt gave you 2 customers" in page
    assert "Owner of 2 more customers" in page

    opened = as_agent.post(f"/notifications/{Notification.objects.get().pk}/open/")

    assert opened.url == "/customers/?owner=me"
    assert Notification.objects.get().read_at
    assert 'href="/customers/?owner=me"' in as_agent.get("/notifications/").content.decode()
    assert as_agent.get(opened.url).status_code == 200


def test_one_customer_is_one_customer(as_agent, give, agent):
    give(1, agent)

    assert "gave you 1 customer<" in as_agent.get("/notifications/").content.decode()


def test_it_stands_in_the_history_of_the_person(as_admin, give, agent):
    give(2, agent)

    page = as_admin.get(f"/people/{agent.pk}/").content.decode()
    assert "Owner of 2 more customers" in page

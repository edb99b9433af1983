"""Who has a form open, and since when."""

import threading
from datetime import timedelta

import pytest
import time_machine
from django.db import connection

from apps.core import jobs
from apps.workspace.actions import presence
from apps.workspace.models import Presence
from tests.factories.accounts import AccountFactory
from tests.factories.workspace import PresenceFactory

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


def shown(subject, but, at):
    return [
        (each.user.name, each.opened_at, each.is_here)
        for each in presence.others(subject, but=but, at=at)
    ]


def test_a_colleague_sees_who_opened_it_when_and_whether_they_are_here(
    account, agent, manager, now
):
    presence.seen(agent, account, at=now)
    presence.seen(agent, account, at=now + 30 * SECOND)

    assert shown(account, agent, now + 40 * SECOND) == []
    assert shown(account, manager, now + 40 * SECOND) == [("Ada Lovett", now, True)]
    assert shown(account, manager, now + 80 * SECOND) == [("Ada Lovett", now, False)]
    assert shown(account, manager, now + 2 * MINUTE) == []


def test_another_customer_is_another_form(account, agent, manager, now):
    presence.seen(agent, account, at=now)

    assert shown(AccountFactory(), manager, now) == []


def test_who_leaves_is_gone_and_who_comes_back_late_opened_it_anew(account, agent, manager, now):
    presence.seen(agent, account, at=now)
    presence.left(agent, account, at=now)
    presence.left(agent, account, at=now)
    assert shown(account, manager, now) == [("Ada Lovett", now, False)]
    presence.left(agent, account, at=now + 30 * SECOND)  # leaving again makes it no longer
    assert shown(account, manager, now + 39 * SECOND) != []
    assert shown(account, manager, now + 41 * SECOND) == []

    presence.seen(agent, account, at=now)
    later = now + 10 * MINUTE
    presence.seen(agent, account, at=later)
    assert shown(account, manager, later) == [("Ada Lovett", later, True)]


def test_who_leaves_one_of_two_pages_is_still_here(account, agent, manager, now):
    presence.seen(agent, account, at=now)
    presence.seen(agent, account, at=now + 25 * SECOND)  # by the other page
    presence.left(agent, account, at=now + 26 * SECOND)
    assert shown(account, manager, now + 54 * SECOND) == [("Ada Lovett", now, False)]

    presence.seen(agent, account, at=now + 55 * SECOND)
    assert shown(account, manager, now + 60 * SECOND) == [("Ada Lovett", now, True)]


def test_people_are_named_in_one_query_in_the_order_they_came(
    account, manager, now, django_assert_num_queries
):
    names = [
        PresenceFactory(subject_id=account.pk, opened_at=now - age * MINUTE, seen_at=now).user.name
        for age in (1, 3, 2)
    ]

    with django_assert_num_queries(1):
        found = [each.user.name for each in presence.others(account, but=manager, at=now)]
    assert found == [names[1], names[2], names[0]]


@pytest.mark.django_db(transaction=True)
def test_two_pages_of_one_person_at_once_are_one_presence(account, agent, now):
    gate, failed = threading.Barrier(6), []

    def beat():
        gate.wait(20)
        try:
            presence.seen(agent, account, at=now)
        except Exception as error:  # noqa: BLE001  said below
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=beat) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert failed == []
    assert Presence.objects.count() == 1


def test_what_no_page_said_goodbye_to_is_swept(db, now, ran_jobs):
    with time_machine.travel(now, tick=False):
        PresenceFactory(opened_at=now - 2 * MINUTE)
        assert "workspace.forget_old_presences" not in jobs.ring_due()
        PresenceFactory(opened_at=now - 61 * MINUTE)
        assert "workspace.forget_old_presences" in jobs.ring_due()
        ran_jobs()

    assert Presence.objects.get().opened_at == now - 2 * MINUTE

from datetime import timedelta

import pytest

from apps.accounts import actions as accounts
from apps.accounts.telling import timelines_of
from apps.history import actions as history
from apps.notifications import actions, queries
from apps.notifications.models import Notification, Watch
from tests.factories.accounts import AccountFactory
from tests.factories.history import EventFactory
from tests.factories.notifications import NotificationFactory, WatchFactory
from tests.factories.users import make_person


@pytest.fixture
def helen(team):
    return make_person(name="Helen Adeyemi", team=team)


def write_note(account, by, at, *mentions, text="Please look"):
    return history.add_note(account.timeline, text=text, by=by, at=at, mentions=mentions)


def told():
    """Who was told why, in the order of names."""
    rows = Notification.objects.order_by("user__name")
    return [(row.user.name, row.why) for row in rows.select_related("user")]


def test_following_twice_is_following_once(account, agent, now):
    actions.watch(account.timeline, by=agent, at=now)
    actions.watch(account.timeline, by=agent, at=now + timedelta(hours=1))

    assert Watch.objects.get().since == now


def test_who_stops_following_is_told_no_more(account, helen, agent, now, ran_jobs):
    actions.watch(account.timeline, by=helen, at=now)
    actions.unwatch(account.timeline, by=helen)
    actions.unwatch(account.timeline, by=helen)
    write_note(account, agent, now)
    ran_jobs()

    assert told() == []


def test_a_mention_tells_and_follows(account, agent, helen, now, ran_jobs):
    event = write_note(account, agent, now, helen)
    assert told() == []

    ran_jobs()

    assert told() == [("Helen Adeyemi", "mentioned")]
    assert Notification.objects.get().event == event
    assert Watch.objects.get().user == helen


def test_the_owner_and_those_who_follow_are_told_once_each(
    account, agent, manager, helen, now, ran_jobs
):
    for person in (agent, helen, manager):
        WatchFactory(user=person, timeline=account.timeline)
    write_note(account, manager, now, agent)
    ran_jobs()

    assert told() == [("Ada Lovett", "mentioned"), ("Helen Adeyemi", "watching")]

    write_note(account, manager, now + timedelta(hours=1))
    ran_jobs()
    assert ("Ada Lovett", "owner") in told()


def test_nobody_is_told_what_they_did_themselves(account, agent, now, ran_jobs):
    WatchFactory(user=agent, timeline=account.timeline)
    write_note(account, agent, now, agent)
    ran_jobs()

    assert told() == []


def test_who_has_left_is_not_told(account, manager, helen, now, ran_jobs):
    helen.is_active = False
    helen.save()
    write_note(account, manager, now, helen)
    ran_jobs()

    assert told() == [("Ada Lovett", "owner")]
    assert not Watch.objects.exists()


def test_nobody_hears_of_a_private_teams_customer(
    private_account, outsider, agent, admin, now, ran_jobs
):
    WatchFactory(user=agent, timeline=private_account.timeline)
    write_note(private_account, outsider, now, agent, admin)
    ran_jobs()

    assert told() == [("Iris Kaya", "mentioned")]
    assert {each.user for each in Watch.objects.all()} == {agent, admin}


def test_hearing_twice_tells_once(account, agent, helen, now, ran_jobs):
    event = write_note(account, agent, now, helen)
    ran_jobs()
    Watch.objects.all().delete()
    Notification.objects.update(read_at=now)

    actions.tell(event, at=now + timedelta(minutes=1))

    notification = Notification.objects.get()
    assert (notification.created_at > now, notification.read_at) == (True, now)


def test_of_one_act_only_the_first_entry_tells(account, manager, now, ran_jobs):
    account.stage = "churn"
    account.churned_on = account.started_on
    account.save()
    accounts.withdraw_churn(account, by=manager, at=now)
    ran_jobs()

    assert [each.event.kind for each in Notification.objects.all()] == ["accounts.returned"]

    accounts.change_stage(
        account, to="wandering_eye", reason="Quiet", by=manager, at=now + timedelta(hours=1)
    )
    ran_jobs()
    assert Notification.objects.filter(event__kind="accounts.stage_changed").count() == 1


def test_of_several_things_of_one_customer_at_once_each_is_told(account, agent, now):
    for number in (1, 2):
        for kind in ("tasks.reminded", "tasks.escalated"):
            event = EventFactory(
                timeline=account.timeline,
                kind=kind,
                subject_label="tasks.task",
                subject_id=number,
                happened_at=now,
                payload={"told_id": agent.pk},
            )
            actions.tell(event, at=now)

    told_of = Notification.objects.values_list("event__subject_id", "event__kind")
    assert sorted(told_of) == [(1, "tasks.reminded"), (2, "tasks.reminded")]


def test_a_mention_is_never_taken_for_more_of_the_same_act(account, manager, agent, now):
    first, second = (
        EventFactory(
            timeline=account.timeline,
            actor=manager,
            happened_at=now,
            payload={"text": "@Ada Lovett", "mentions": [{"id": agent.pk, "name": "Ada Lovett"}]},
        )
        for _ in range(2)
    )
    actions.tell(first, at=now)
    actions.tell(second, at=now)

    assert Notification.objects.count() == 2


def test_the_new_owner_is_told(account, manager, helen, now, ran_jobs):
    accounts.change_owner(account, to=helen, by=manager, at=now)
    ran_jobs()

    assert told() == [("Helen Adeyemi", "owner")]


def test_an_owner_is_not_told_what_follows_from_a_file(account, agent, helen, now, ran_jobs):
    WatchFactory(user=helen, timeline=account.timeline)
    accounts.mark_churned(account, on=account.started_on, by=None, at=now, source="customers.csv")
    ran_jobs()

    assert told() == [("Helen Adeyemi", "watching")]


def test_reading_once_counts(db, now):
    notification = NotificationFactory()
    other = NotificationFactory()

    actions.mark_read(notification, at=now)
    actions.mark_read(notification, at=now + timedelta(hours=1))

    notification.refresh_from_db()
    other.refresh_from_db()
    assert (notification.read_at, other.read_at) == (now, None)


def test_marking_all_read_spares_what_came_later_and_what_is_others(agent, now):
    seen, later = NotificationFactory(user=agent), NotificationFactory(user=agent)
    others = NotificationFactory()

    actions.mark_all_read(by=agent, upto=seen.pk, at=now)

    unread = Notification.objects.unread().order_by("pk")
    assert list(unread) == [later, others]


def test_who_followed_a_record_that_was_merged_follows_the_one_that_was_kept(
    account, agent, helen, now, ran_jobs
):
    loser = AccountFactory(merged_into=account)
    for each in (loser, account):
        actions.watch(each.timeline, by=helen, at=now)
    assert [person.name for person in queries.watchers(timelines_of(account.pk))] == [helen.name]

    write_note(account, agent, now)
    ran_jobs()
    assert told() == [("Helen Adeyemi", "watching")]

    actions.unwatch(account.timeline, by=helen)
    assert not Watch.objects.exists()

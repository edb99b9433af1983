import pytest

from apps.notifications import queries
from tests.factories.history import EventFactory
from tests.factories.notifications import NotificationFactory, WatchFactory
from tests.factories.users import make_person


def test_the_bell_counts_what_is_unread(agent, now, django_assert_num_queries):
    for read_at in (None, None, now):
        NotificationFactory(user=agent, read_at=read_at)
    NotificationFactory()
    assert agent.hidden_teams == []

    with django_assert_num_queries(1):
        bell = queries.bell(agent)

    assert (bell.count, bell.figure) == (2, "2")


def test_the_bell_stops_counting(agent):
    NotificationFactory.create_batch(queries.MOST + 2, user=agent)

    assert queries.bell(agent) == queries.Bell(queries.MOST + 1)
    assert queries.bell(agent).figure == "99+"


@pytest.mark.parametrize(("role", "count"), [("agent", 1), ("admin", 2)])
def test_what_became_private_is_neither_listed_nor_counted(role, count, private_account, account):
    person = make_person(role)
    for each in (account, private_account):
        NotificationFactory(user=person, event=EventFactory(timeline=each.timeline))

    assert queries.bell(person).count == count
    assert queries.of(person).count() == count


def test_those_who_follow_are_listed_by_name_while_they_are_here(account, agent):
    gone = make_person(name="Gone", is_active=False)
    for person in (make_person(name="Zoe"), agent, gone):
        WatchFactory(user=person, timeline=account.timeline)
    WatchFactory()

    watchers = queries.watchers([account.timeline_id])
    assert [person.name for person in watchers] == ["Ada Lovett", "Zoe"]

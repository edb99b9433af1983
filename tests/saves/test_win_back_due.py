"""Which win-backs are due, and who sees them."""

from datetime import timedelta

import pytest

from apps.saves.queries import win_backs
from apps.users.models import User
from tests.factories.accounts import AccountFactory
from tests.factories.saves import WinBackFactory


def due_names(user, at, **more):
    return [each.name for each in win_backs.due(user, at, **more).rows]


@pytest.fixture
def left(team, agent, now):
    """Make a customer who left, with a win-back."""

    def make(name, days, *, account=None, **fields):
        account = {"team": team, "owner": agent, "churned_on": now.date()} | (account or {})
        row = AccountFactory(name=name, **account)
        day = now.date() + timedelta(days=days)
        return WinBackFactory(account=row, **{"not_before": day} | fields)

    return make


def test_whose_day_has_come_is_due_the_latest_first(left, agent, now):
    left("Long ago", -40)
    left("Today", 0, path_to_value="One chair less.\nThen two.", blocker="Price")
    left("Tomorrow", 1)
    left("Planned", -90, next_on=now.date() - timedelta(days=1), blocker="Price")
    left("Later", -90, next_on=now.date() + timedelta(days=1))
    left("Resting", -3, ended="rested", closed_at=now)

    found = win_backs.due(agent, now)

    assert [each.name for each in found.rows] == ["Today", "Planned", "Long ago"]
    assert [each.words for each in found.rows] == ["One chair less.", "Price", ""]
    assert [each.is_planned for each in found.rows] == [False, True, False]
    assert (found.count, found.is_more) == (3, False)


def test_many_are_counted_up_to_a_point(left, agent, now):
    for number in range(6):
        left(f"Customer {number}", -number)

    found = win_backs.due(agent, now)

    assert (len(found.rows), found.count, found.is_more) == (5, 5, True)


def test_the_day_comes_in_their_zone(left, agent, now):
    left("Auckland", 1, account={"time_zone": "Pacific/Auckland"})
    left("Honolulu", 0, account={"time_zone": "Pacific/Honolulu"})

    assert due_names(agent, now.replace(hour=4)) == []
    assert due_names(agent, now.replace(hour=21)) == ["Auckland", "Honolulu"]


def test_only_those_who_are_there_and_gone_are_due(left, agent, account, now):
    left("Back", 0, account={"churned_on": None})
    left("Removed", 0, account={"removed_at": now})
    left("Another's", 0, account={"owner": None})

    assert due_names(agent, now) == []


def test_a_merged_record_is_due_as_the_one_that_was_kept(left, agent, gone, now):
    left("Part", -1, account={"merged_into": gone})
    assert due_names(agent, now) == ["Larkspur Dental"]
    WinBackFactory(account=gone, not_before=now.date())
    found = win_backs.due(agent, now)
    assert [each.name for each in found.rows] == ["Larkspur Dental"]


def test_merged_records_crowd_no_other_out(left, agent, gone, now):
    for _ in range(2):
        left("Part", 0, account={"merged_into": gone})
    for number in range(6):
        left(f"Customer {number}", -1)

    found = win_backs.due(agent, now)

    assert (len(found.rows), found.figure) == (5, "5+")


def test_a_manager_sees_the_teams_and_nobody_sees_a_private_teams(
    left, manager, agent, team, private_team, outsider, now
):
    left("Team's", 0)
    left("Hushed", 0, account={"team": private_team, "owner": outsider})
    left("Agent's, hushed", 0, account={"team": private_team})
    fresh = {each.pk: each for each in User.objects.all()}

    assert due_names(manager, now) == []
    assert due_names(manager, now, teams=[team]) == ["Team's"]
    assert due_names(manager, now, teams=[private_team]) == []
    assert due_names(fresh[agent.pk], now) == ["Team's"]
    assert due_names(outsider, now) == ["Hushed"]
    assert due_names(outsider, now, teams=[private_team]) == ["Agent's, hushed", "Hushed"]


def test_what_is_due_takes_one_query(left, agent, now, django_assert_num_queries):
    left("One", 0)
    agent.hidden_teams  # noqa: B018 - read before, as the middleware does
    with django_assert_num_queries(1):
        win_backs.due(agent, now)

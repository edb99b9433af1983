"""Who waits for a customer goes on with what the one before them left, owner and team too."""

import pytest
from django.db import transaction

from apps.accounts import actions
from apps.accounts.actions import many
from apps.accounts.actions.common import hold
from apps.accounts.models import Account
from tests.factories.users import TeamFactory
from tests.meanwhile import follow

pytestmark = pytest.mark.django_db(transaction=True)


def test_what_is_held_has_the_new_owner_and_the_new_team(account, agent, manager, now):
    team = TeamFactory()
    who = {"by": manager, "at": now}

    def change():
        actions.change_owner(account, to=manager, **who)
        actions.edit(account, team=team, **who)

    def wait():
        (held,) = hold(account.pk)
        return held.owner, held.team

    assert follow(change, transaction.atomic(wait)) == (manager, team)


def test_an_owner_given_twice_at_once_is_told_once(account, agent, manager, now, told):
    def give():
        return actions.change_owner(account, to=manager, by=agent, at=now)

    follow(give, give)

    expected = {"before": "Ada Lovett", "after": "Max Brandt"}
    assert told(account) == [("accounts.owner_changed", expected)]


def test_many_that_were_given_meanwhile_have_their_owner_already(
    account, agent, manager, now, told
):
    def give():
        return many.change_owners([account.pk], to=manager, by=agent, at=now)

    results = follow(give, give)

    assert results[account.pk].why == "They have this owner already."
    assert len(told(account)) == 1


def test_many_that_were_moved_meanwhile_say_which_team_they_leave(account, manager, now, told):
    first, second = TeamFactory(name="Anchor"), TeamFactory(name="Beacon")
    Account.objects.filter(pk=account.pk).update(team=None)

    def move(team):
        return many.change_teams([account.pk], to=team, by=manager, at=now)

    follow(lambda: move(first), lambda: move(second))

    changes = [payload["changes"]["team"] for _kind, payload in told(account)]
    assert changes == [["", "Anchor"], ["Anchor", "Beacon"]]

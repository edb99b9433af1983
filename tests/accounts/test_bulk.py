"""Many customers at once: the same changes as one by one, with a result for each."""

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.accounts import actions
from apps.accounts.actions import many
from apps.accounts.models import Account
from apps.history.models import Event
from apps.workspace import bulk_kinds as kinds
from apps.workspace.actions import bulk
from apps.workspace.models import BulkRow, ViewPick
from tests.factories.accounts import AccountFactory
from tests.factories.users import TeamFactory, make_person
from tests.factories.workspace import SavedViewFactory


@pytest.fixture
def run(manager, now):
    """Do something to customers: `run("accounts.owner", accounts, owner=pk)`."""

    def start(kind, accounts, *, by=manager, **arguments):
        rows = Account.objects.filter(pk__in=[each.pk for each in accounts]).order_by("pk")
        change = bulk.preview(
            kind,
            rows=rows.values_list("pk", "name"),
            by=by,
            at=now,
            key=uuid.uuid4(),
            arguments=arguments,
        )
        return bulk.work(bulk.confirm(change, by=by, at=now), clock=lambda: now)

    return start


@pytest.fixture
def take_back(manager, now):
    """Undo a change as the manager."""

    def start(change):
        return bulk.work(bulk.undo(change, by=manager, at=now), clock=lambda: now)

    return start


def whys(change):
    """Return outcome and reason of each row."""
    return list(change.rows.order_by("pk").values_list("outcome", "why"))


def spared(change):
    return list(change.rows.order_by("pk").values_list("undo", "undo_why"))


def forecast(kind, accounts, by, **arguments):
    """Return what a preview would warn of."""
    pks = Account.objects.filter(pk__in=[each.pk for each in accounts]).values("pk")
    pairs = kinds.get(kind).forecast(pks, by=by, **arguments)
    return [(count, text % {"count": count}) for count, text in pairs if count]


# --- owner --------------------------------------------------------------------


def test_an_owner_is_given_to_many_and_taken_back(run, take_back, manager, agent, now, told):
    theirs, nobodys, mine = (AccountFactory(owner=who) for who in (agent, None, manager))

    change = run("accounts.owner", [theirs, nobodys, mine], owner=manager.pk)

    assert whys(change) == [
        ("done", ""),
        ("done", ""),
        ("skipped", "They have this owner already."),
    ]
    assert set(Account.objects.values_list("owner", "version")) == {
        (manager.pk, 2),
        (manager.pk, 1),
    }
    event = ("accounts.owner_changed", {"before": "Ada Lovett", "after": "Max Brandt"})
    assert told(theirs) == [event]
    assert told(nobodys) == [("accounts.owner_changed", {"before": "", "after": "Max Brandt"})]
    assert told(mine) == []

    change = take_back(change)

    assert (change.restored, change.spared) == (2, 0)
    for account, owner in ((theirs, agent), (nobodys, None), (mine, manager)):
        account.refresh_from_db()
        assert account.owner == owner
    assert told(theirs)[1:] == [
        ("accounts.owner_changed", {"before": "Max Brandt", "after": "Ada Lovett"})
    ]
    assert {event.actor for event in Event.objects.all()} == {manager}
    assert {event.happened_at for event in Event.objects.all()} == {now}


def test_undo_spares_and_names_who_changed_a_customer_since(run, take_back, agent, manager, now):
    changed, gone, left = (AccountFactory(owner=agent) for _ in range(3))
    change = run("accounts.owner", [changed, gone, left], owner=None)
    actions.edit(changed, name="New name", by=agent, at=now)
    Account.objects.filter(pk=gone.pk).update(removed_at=now)

    change = take_back(change)

    assert (change.restored, change.spared) == (1, 2)
    assert spared(change) == [
        ("spared", "Ada Lovett changed them since."),
        ("spared", "They are not here any more."),
        ("restored", ""),
    ]
    changed.refresh_from_db()
    assert (changed.owner, changed.name) == (None, "New name")


def test_what_mainstay_changed_since_is_spared_too(run, take_back, agent):
    account = AccountFactory(owner=agent)
    change = run("accounts.owner", [account], owner=None)
    actions.move_stage(account, to="churn", by=None, at=timezone.now(), source="their last day")

    assert spared(take_back(change)) == [("spared", "Mainstay changed them since.")]


def test_nobody_is_given_a_customer_they_may_not_see(run, admin, agent, private_account):
    change = run("accounts.owner", [private_account], by=admin, owner=agent.pk)

    assert whys(change) == [("failed", "Ada Lovett may not see customers of Discreet.")]
    assert forecast("accounts.owner", [private_account], admin, owner=agent.pk) == [
        (1, "1 customer is with a private team that the new owner may not see.")
    ]
    assert forecast("accounts.owner", [private_account], admin, owner=admin.pk) == []


def test_customers_out_of_sight_are_not_changed(run, agent, private_account):
    change = run("accounts.owner", [private_account], owner=None)

    assert whys(change) == [("failed", "They are not here any more.")]


def test_who_left_meanwhile_gets_no_customers(run, account):
    gone = make_person("agent", is_active=False)

    change = run("accounts.owner", [account], owner=gone.pk)

    assert whys(change) == [("failed", "The new owner has left. Choose somebody else.")]


def test_the_forecast_says_who_has_the_owner_already(agent, manager):
    accounts = [AccountFactory(owner=who) for who in (agent, agent, None)]

    assert forecast("accounts.owner", accounts, manager, owner=agent.pk) == [
        (2, "2 customers have this owner already.")
    ]
    assert forecast("accounts.owner", accounts, manager, owner=None) == [
        (1, "1 customer has this owner already.")
    ]


# --- team ---------------------------------------------------------------------


def test_a_team_is_given_and_taken_back(run, take_back, team, manager, told):
    theirs, others = AccountFactory(team=team), AccountFactory()
    southern = TeamFactory(name="Southern")

    assert forecast("accounts.team", [theirs, others], manager, team=team.pk) == [
        (1, "1 customer is with this team already.")
    ]
    change = run("accounts.team", [theirs, others], team=southern.pk)
    assert told(theirs) == [("accounts.changed", {"changes": {"team": ["Northern", "Southern"]}})]
    again = run("accounts.team", [theirs], team=southern.pk)
    assert whys(again) == [("skipped", "They are with this team already.")]
    take_back(change)

    theirs.refresh_from_db()
    others.refresh_from_db()
    assert (theirs.team, others.team) == (team, None)
    assert told(others)[1] == (
        "accounts.changed",
        {"changes": {"team": ["Southern", ""]}, "source": "undoing a change to many"},
    )


def test_a_private_team_is_not_given_what_its_owner_could_not_see(
    run, admin, agent, outsider, private_team, account
):
    mine, nobodys = AccountFactory(owner=outsider), AccountFactory()

    assert forecast("accounts.team", [account, mine, nobodys], admin, team=private_team.pk) == [
        (1, "1 customer has an owner who may not see this private team.")
    ]
    change = run("accounts.team", [account, mine, nobodys], by=admin, team=private_team.pk)

    assert whys(change) == [
        ("failed", "Discreet is private, and Ada Lovett could not see this customer."),
        ("done", ""),
        ("done", ""),
    ]
    assert forecast("accounts.team", [mine], admin, team=None) == []


def test_a_team_that_is_gone_or_hidden_is_refused(run, account, private_team):
    for team in (private_team.pk, private_team.pk + 100):
        change = run("accounts.team", [account], team=team)
        assert whys(change) == [("failed", "The team is gone. Choose another one.")]
    assert whys(run("accounts.team", [account], team=None)) == [("done", "")]


# --- stage --------------------------------------------------------------------


def test_a_stage_is_set_with_its_reason_and_taken_back(run, take_back, account, manager, now, told):
    since = account.stage_since
    there = AccountFactory(stage="churn")
    asked = {"stage": "churn", "reason": " closed down "}

    assert forecast("accounts.stage", [account, there], manager, **asked) == [
        (1, "1 customer is at this stage already.")
    ]
    change = run("accounts.stage", [account, there], **asked)

    assert whys(change) == [("done", ""), ("skipped", "They are at this stage already.")]
    account.refresh_from_db()
    assert (account.stage, account.stage_since, account.version) == ("churn", now, 2)
    take_back(change)
    account.refresh_from_db()
    assert (account.stage, account.stage_since, account.version) == ("retention", since, 3)
    undone = {"before": "churn", "after": "retention", "source": "undoing a change to many"}
    assert told(account) == [
        (
            "accounts.stage_changed",
            {"before": "retention", "after": "churn", "reason": "closed down"},
        ),
        ("accounts.stage_changed", undone),
    ]


def test_a_stage_is_not_set_without_a_reason(account, manager, now):
    with pytest.raises(actions.ReasonMissing):
        many.change_stages([account.pk], to="churn", reason=" ", by=manager, at=now)


# --- a view -------------------------------------------------------------------


def test_customers_are_put_into_a_view_and_taken_out_again(
    run, take_back, account, private_account, manager, agent, now
):
    view = SavedViewFactory(owner=manager, is_picked=True)
    there, other = AccountFactory(), AccountFactory()
    ViewPick.objects.create(view=view, subject_id=there.pk, added_by=agent, added_at=now)

    assert forecast("accounts.pick", [account, there], manager, view=view.pk) == [
        (1, "1 customer is in this view already.")
    ]
    change = run("accounts.pick", [account, private_account, there, other], view=view.pk)
    view.picks.filter(subject_id=other.pk).delete()

    assert sorted(whys(change)) == [
        ("done", ""),
        ("done", ""),
        ("failed", "They are not here any more."),
        ("skipped", "They are in this view already."),
    ]
    change = take_back(change)
    assert (change.restored, change.spared) == (1, 1)
    assert list(view.picks.values_list("subject_id", flat=True)) == [there.pk]


def test_a_view_of_somebody_else_takes_no_customers(run, take_back, account, agent, manager):
    view = SavedViewFactory(owner=agent, is_picked=True)

    change = run("accounts.pick", [account], view=view.pk)
    assert whys(change) == [("failed", "The view is gone. Choose another one.")]

    mine = SavedViewFactory(owner=manager, is_picked=True)
    change = run("accounts.pick", [account], view=mine.pk)
    mine.delete()
    assert spared(take_back(change)) == [("spared", "They were taken out of the view since.")]


# --- cost ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "arguments"),
    [
        ("accounts.owner", {"owner": None}),
        ("accounts.team", {"team": None}),
        ("accounts.stage", {"stage": "churn", "reason": "why"}),
    ],
)
def test_a_chunk_costs_the_same_whatever_its_size(run, take_back, agent, team, kind, arguments):
    costs = []
    for size in (2, 20):
        accounts = AccountFactory.create_batch(size, owner=agent, team=team)
        with CaptureQueriesContext(connection) as did:
            change = run(kind, accounts, **arguments)
        with CaptureQueriesContext(connection) as undid:
            change = take_back(change)
        assert change.restored == size
        costs.append((len(did), len(undid)))

    assert costs[0] == costs[1]
    assert BulkRow.objects.count() == 22

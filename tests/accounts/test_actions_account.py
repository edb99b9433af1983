import datetime
import threading
import uuid
from decimal import Decimal

import pytest
from django.db import IntegrityError, connections

from apps.accounts import actions
from apps.accounts.actions import account as editing
from apps.accounts.models import Account
from apps.history.models import Event, Timeline
from apps.workspace.models import FormKey
from tests.factories.accounts import AccountFactory, TierThresholdFactory
from tests.factories.users import TeamFactory


def test_a_new_customer_has_a_history_and_the_tier_it_earns(agent, now, told):
    TierThresholdFactory(mid_from=100, high_from=240)

    account = actions.create(
        by=agent, at=now, name="Bramley & Vine", reference="BV-1", mrr=Decimal(249), owner=agent
    )

    account.refresh_from_db()
    assert (account.name, account.owner, account.tier) == ("Bramley & Vine", agent, "high")
    assert (account.stage, account.stage_since, account.created_at) == ("lead", now, now)
    assert told(account) == [("accounts.created", {})]
    assert not account.identities.exists()


@pytest.mark.django_db
def test_a_new_customer_from_elsewhere_says_from_where(now, told):
    account = actions.create(by=None, at=now, name="A", reference="A-1", source="an import")

    assert told(account) == [("accounts.created", {"source": "an import"})]


def test_a_form_that_comes_twice_adds_one_customer(agent, now):
    key = uuid.uuid4()

    first = actions.create(by=agent, at=now, key=key, name="A", reference="A-1")
    second = actions.create(by=agent, at=now, key=key, name="A", reference="A-1")

    assert first == second
    assert Account.objects.count() == 1
    assert Event.objects.count() == 1


def test_a_key_of_somebody_else_is_refused(agent, manager, now):
    key = uuid.uuid4()
    actions.create(by=agent, at=now, key=key, name="A", reference="A-1")

    with pytest.raises(actions.FormUsed):
        actions.create(by=manager, at=now, key=key, name="B", reference="B-1")

    assert Account.objects.count() == 1


def test_a_reference_that_is_taken_leaves_nothing(account, agent, now):
    key, before = uuid.uuid4(), Timeline.objects.count()

    with pytest.raises(actions.ReferenceTaken, match="Choose another one"):
        actions.create(by=agent, at=now, key=key, name="B", reference=account.reference)

    assert Account.objects.count() == 1
    assert Timeline.objects.filter(events=None).count() == before
    assert not FormKey.objects.exists()


def test_what_else_the_database_refuses_is_not_called_a_reference(agent, now):
    with pytest.raises(IntegrityError, match="currency"):
        actions.create(by=agent, at=now, name="B", reference="B-1", currency="gbp")


def test_a_new_customer_can_not_have_left_before_the_start(agent, now):
    with pytest.raises(actions.LeftBeforeStart):
        actions.create(
            by=agent, at=now, name="B", reference="B-1", churned_on=datetime.date(2026, 1, 1)
        )


def test_editing_tells_what_changed_in_words(account, agent, team, now, told):
    other = TeamFactory(name="Southern")

    edited = actions.edit(
        account,
        by=agent,
        at=now,
        version=1,
        name="Larkspur Dental",
        mrr=Decimal("199.20"),
        plan="Practice",
        renews_on=datetime.date(2026, 9, 1),
        team=other,
    )

    account.refresh_from_db()
    assert account == edited
    assert (account.mrr, account.plan, account.team) == (Decimal("199.20"), "Practice", other)
    assert account.version == 2
    changes = {
        "mrr": ["£249", "£199.20"],
        "plan": ["", "Practice"],
        "renews_on": ["", "2026-09-01"],
        "team": ["Northern", "Southern"],
    }
    assert told(account) == [("accounts.changed", {"changes": changes})]


def test_editing_twice_tells_once(account, agent, now, told):
    for _ in range(2):
        actions.edit(account, by=agent, at=now, version=1, plan="Practice", source="a form")

    account.refresh_from_db()
    assert account.version == 2
    assert told(account) == [
        ("accounts.changed", {"changes": {"plan": ["", "Practice"]}, "source": "a form"})
    ]


def test_editing_what_somebody_else_changed_meanwhile_is_refused(account, agent, manager, now):
    actions.edit(account, by=manager, at=now, version=1, plan="Practice")

    with pytest.raises(actions.ChangedMeanwhile) as caught:
        actions.edit(account, by=agent, at=now, version=1, plan="Studio")

    assert caught.value.newest.plan == "Practice"
    account.refresh_from_db()
    assert account.plan == "Practice"


def test_editing_the_mrr_moves_the_tier(account, agent, now, told):
    TierThresholdFactory(mid_from=100, high_from=240)

    actions.edit(account, by=agent, at=now, mrr=Decimal(100))

    account.refresh_from_db()
    assert account.tier == "mid"
    assert told(account)[1] == ("accounts.tier_changed", {"before": "standard", "after": "mid"})


def test_editing_leaves_a_tier_set_by_hand(account, agent, manager, now):
    TierThresholdFactory(mid_from=100, high_from=240)
    actions.override_tier(account, tier="high", reason="Reference", by=manager, at=now)

    actions.edit(account, by=agent, at=now, mrr=Decimal(1))

    account.refresh_from_db()
    assert account.tier == "high"


def test_editing_the_last_day_counts_like_saying_it_on_a_call(account, agent, now, told):
    on = datetime.date(2026, 6, 9)

    actions.edit(account, by=agent, at=now, churned_on=on)
    actions.edit(account, by=agent, at=now, churned_on=None, plan="Practice")

    account.refresh_from_db()
    assert (account.churned_on, account.stage, account.version) == (None, "retention", 3)
    assert [kind for kind, _ in told(account)] == [
        "accounts.churned",
        "accounts.stage_changed",
        "accounts.changed",
        "accounts.returned",
        "accounts.stage_changed",
    ]


@pytest.mark.parametrize(
    "days",
    [
        {"churned_on": datetime.date(2024, 1, 14)},
        {"started_on": None, "churned_on": datetime.date(2026, 1, 1)},
    ],
)
def test_editing_refuses_a_last_day_before_the_first(account, agent, now, told, days):
    with pytest.raises(actions.LeftBeforeStart, match="last day"):
        actions.edit(account, by=agent, at=now, **days)

    account.refresh_from_db()
    assert account.churned_on is None
    assert told(account) == []


def test_editing_to_a_reference_that_is_taken_changes_nothing(account, agent, now, told):
    AccountFactory(reference="BV-1")

    with pytest.raises(actions.ReferenceTaken):
        actions.edit(account, by=agent, at=now, reference="BV-1", plan="Practice")

    account.refresh_from_db()
    assert (account.reference, account.plan) == ("LD-20418", "")
    assert told(account) == []


def test_an_owner_is_changed_once_and_taken_away(account, agent, manager, now, told):
    for _ in range(2):
        actions.change_owner(account, to=manager, by=manager, at=now)
    actions.change_owner(account, to=None, by=manager, at=now)

    account.refresh_from_db()
    assert account.owner is None
    assert told(account) == [
        ("accounts.owner_changed", {"before": "Ada Lovett", "after": "Max Brandt"}),
        ("accounts.owner_changed", {"before": "Max Brandt", "after": ""}),
    ]


def edit_at_once(account, agent, now, count):
    """Edit one version of a customer many times at the same moment; return who was refused."""
    barrier, refused = threading.Barrier(count), []

    def change(number):
        try:
            barrier.wait(20)
            actions.edit(account, by=agent, at=now, version=1, plan=f"Plan {number}")
        except actions.ChangedMeanwhile:
            refused.append(number)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=change, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return refused


@pytest.mark.django_db(transaction=True)
def test_of_many_edits_of_one_version_at_once_one_wins(account, agent, now, told):
    refused = edit_at_once(account, agent, now, 8)

    account.refresh_from_db()
    assert (account.version, len(refused)) == (2, 7)
    assert told(account) == [("accounts.changed", {"changes": {"plan": ["", account.plan]}})]


@pytest.mark.django_db(transaction=True)
def test_control_without_the_lock_edits_overwrite_each_other(account, agent, now, monkeypatch):
    queryset, all_have_read = type(Account.objects.all()), threading.Barrier(8)
    monkeypatch.setattr(queryset, "select_for_update", lambda self, **options: self)
    monkeypatch.setattr(editing, "check_dates", lambda account: all_have_read.wait(20))

    assert edit_at_once(account, agent, now, 8) == []


def test_every_change_counts_the_version_up_and_a_repeat_does_not(account, manager, now):
    who = {"by": manager, "at": now}
    TierThresholdFactory(mid_from=100, high_from=300)
    changes = [
        lambda: actions.edit(account, name="Larkspur", **who),
        lambda: actions.change_owner(account, to=manager, **who),
        lambda: actions.change_stage(account, to="test_drive", reason="why", **who),
        lambda: actions.move_stage(account, to="retention", source="a call", **who),
        lambda: actions.override_tier(account, tier="high", reason="why", **who),
        lambda: actions.tier_by_thresholds(account, **who),
        lambda: actions.set_thresholds("GBP", mid_from=10, high_from=20, **who),
        lambda: actions.mark_churned(account, on=datetime.date(2026, 6, 20), **who),
        lambda: actions.close_churned(at=now + datetime.timedelta(days=30)),
        lambda: actions.withdraw_churn(account, **who),
    ]

    for version, change in enumerate(changes, start=2):
        for _ in range(2):
            change()
        account.refresh_from_db()
        assert account.version == version

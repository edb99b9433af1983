import datetime
from decimal import Decimal

import pytest

from apps.accounts.models import Account
from apps.history.models import Event
from tests.accounts.batching import SOURCE, apply, counts, told
from tests.factories.accounts import (
    AccountFactory,
    TierThresholdFactory,
)
from tests.factories.users import TeamFactory


@pytest.mark.django_db
def test_a_new_customer_gets_what_the_row_says_and_defaults_for_the_rest(now, agent):
    row = {"reference": "C-1", "name": "Larkspur", "started_on": "2024-01-15", "mrr": "249.00"}

    planned = apply(row, at=now, by=agent)

    account = Account.objects.get()
    assert counts(planned) == (1, 0, 0, 0)
    assert (account.reference, account.name, account.mrr) == ("C-1", "Larkspur", Decimal("249.00"))
    assert (account.started_on, account.churned_on) == (datetime.date(2024, 1, 15), None)
    assert (account.stage, account.stage_since, account.created_at) == ("retention", now, now)
    assert (account.tier, account.is_tier_set_by_hand, account.version) == ("standard", False, 1)
    assert (account.currency, account.time_zone, account.owner, account.team) == (
        *("GBP", "UTC", None, None),
    )
    assert (account.about, account.plan, account.industry, account.renews_on) == ("", "", "", None)
    assert account.search_key == "larkspur c-1"
    assert told(account) == [("accounts.created", {"source": SOURCE})]
    event = Event.objects.get()
    assert (event.actor, event.happened_at, event.recorded_at) == (agent, now, now)
    assert account.timeline.last_touch_at is None


@pytest.mark.django_db
def test_a_new_customer_who_left_is_in_churn_and_the_history_knows_the_day(now):
    row = {
        "reference": "C-1",
        "name": "Larkspur",
        "started_on": "2024-01-15",
        "churned_on": "2026-06-01",
        "time_zone": "Europe/London",
    }

    planned = apply(row, at=now)

    account = Account.objects.get()
    assert counts(planned) == (1, 0, 0, 1)
    assert (account.stage, account.churned_on) == ("churn", datetime.date(2026, 6, 1))
    assert told(account) == [
        ("accounts.created", {"source": SOURCE}),
        ("accounts.churned", {"on": "2026-06-01", "source": SOURCE}),
    ]
    left = Event.objects.get(kind="accounts.churned")
    assert left.happened_at == datetime.datetime(2026, 5, 31, 23, tzinfo=datetime.UTC)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("row", "stage"),
    [
        ({}, "lead"),
        ({"started_on": "2026-06-10"}, "lead"),
        ({"started_on": "2026-06-09"}, "retention"),
        ({"started_on": "2026-06-09", "churned_on": "2026-06-10"}, "retention"),
        ({"started_on": "2026-06-09", "churned_on": "2026-06-09"}, "churn"),
        ({"started_on": "2026-06-09", "stage": "onboarding"}, "onboarding"),
        (
            {"started_on": "2026-06-09", "time_zone": "Pacific/Midway"},
            "lead",
        ),  # there it is the 8th
    ],
)
def test_the_stage_of_a_new_customer_follows_from_its_dates(now, row, stage):
    apply({"reference": "C-1", "name": "Larkspur", **row}, at=now)

    assert Account.objects.get().stage == stage


@pytest.mark.django_db
def test_a_leaving_day_to_come_is_told_now_not_in_the_future(now):
    row = {"started_on": "2024-01-15", "churned_on": "2026-09-01"}

    apply({"reference": "C-1", "name": "Larkspur", **row}, at=now)

    assert Event.objects.get(kind="accounts.churned").happened_at == now


@pytest.mark.django_db
def test_the_tier_is_earned_by_the_thresholds_of_the_currency(now):
    TierThresholdFactory(currency="GBP", mid_from=100, high_from=250)
    rows = [("A", "99.99", "GBP"), ("B", "100", "GBP"), ("C", "250", "GBP"), ("D", "250", "USD")]

    apply(*[{"reference": r, "name": r, "mrr": mrr, "currency": c} for r, mrr, c in rows], at=now)

    tiers = Account.objects.order_by("reference").values_list("tier", flat=True)
    assert list(tiers) == ["standard", "mid", "high", "standard"]


@pytest.mark.django_db
def test_the_currency_of_the_workspace_is_for_rows_that_name_none(now):
    apply(
        {"reference": "A", "name": "A"},
        {"reference": "B", "name": "B", "currency": "USD"},
        at=now,
        currency="EUR",
    )

    currencies = Account.objects.order_by("reference").values_list("currency", flat=True)
    assert list(currencies) == ["EUR", "USD"]


@pytest.mark.django_db
def test_guessed_days_fill_what_nobody_knows_and_replace_nothing(now):
    known = AccountFactory(reference="C-1", started_on=datetime.date(2020, 1, 1))
    guesses = {"started_guess": "2024-06-01", "churned_guess": "2026-06-01"}

    apply({"reference": "C-1", **guesses}, {"reference": "C-2", "name": "New", **guesses}, at=now)

    known.refresh_from_db()
    new = Account.objects.get(reference="C-2")
    assert known.started_on == datetime.date(2020, 1, 1)
    assert new.started_on == datetime.date(2024, 6, 1)
    assert known.churned_on == new.churned_on == datetime.date(2026, 6, 1)

    later = {"started_guess": "2024-07-01", "churned_guess": "2026-06-08"}
    again = apply({"reference": "C-1", **later}, {"reference": "C-2", **later}, at=now)
    assert counts(again) == (0, 0, 2, 0)


@pytest.mark.django_db
def test_a_row_that_says_nothing_new_changes_and_tells_nothing(now, account):
    TierThresholdFactory()  # the stored tier was earned by other thresholds; that is not news
    row = {"reference": account.reference, "name": account.name, "mrr": "249"}
    before = Account.objects.values().get()

    planned = apply(row, at=now)

    assert counts(planned) == (0, 0, 1, 0)
    assert Account.objects.values().get() == before
    assert Event.objects.count() == 0


@pytest.mark.django_db
def test_a_changed_customer_keeps_what_the_row_leaves_out_and_history_says_the_rest(
    now, account, agent, team
):
    TierThresholdFactory()
    other = TeamFactory(name="Southern")
    row = {
        "reference": account.reference,
        "name": "Larkspur Group",
        "about": "Eleven clinics",
        "started_on": "2024-01-16",
        "renews_on": "2027-01-16",
        "mrr": "1299.50",
        "currency": "USD",
        "plan": "Team",
        "industry": "Health",
        "time_zone": "Europe/Paris",
        "team_id": str(other.pk),
    }

    planned = apply(row, at=now, by=agent)

    account.refresh_from_db()
    assert counts(planned) == (0, 1, 0, 0)
    assert (account.name, account.mrr, account.currency, account.team, account.owner) == (
        *("Larkspur Group", Decimal("1299.50"), "USD", other, agent),
    )
    assert (account.version, account.stage, account.tier) == (2, "retention", "standard")
    assert told(account) == [
        (
            "accounts.changed",
            {
                "changes": {
                    "name": ["Larkspur Dental", "Larkspur Group"],
                    "about": ["", "Eleven clinics"],
                    "started_on": ["2024-01-15", "2024-01-16"],
                    "renews_on": ["", "2027-01-16"],
                    "mrr": ["£249", "$1,299.50"],
                    "currency": ["GBP", "USD"],
                    "plan": ["", "Team"],
                    "industry": ["", "Health"],
                    "time_zone": ["Europe/London", "Europe/Paris"],
                    "team": ["Northern", "Southern"],
                },
                "source": SOURCE,
            },
        )
    ]


@pytest.mark.django_db
def test_owner_tier_stage_and_leaving_have_events_of_their_own(now, account, agent, manager):
    TierThresholdFactory()
    nobodys = AccountFactory(reference="C-2", currency="NOK", mrr=0)
    row = {
        "reference": account.reference,
        "owner_id": str(manager.pk),
        "mrr": "250",
        "churned_on": "2026-06-09",
    }

    planned = apply(
        row,
        {"reference": "C-2", "owner_id": str(agent.pk), "stage": "test_drive", "mrr": "1"},
        at=now,
    )

    account.refresh_from_db()
    assert counts(planned) == (0, 2, 0, 1)
    assert (account.owner, account.tier, account.stage) == (manager, "high", "churn")
    assert account.stage_since == now
    assert told(account) == [
        ("accounts.changed", {"changes": {"mrr": ["£249", "£250"]}, "source": SOURCE}),
        ("accounts.owner_changed", {"before": "Ada Lovett", "after": "Max Brandt"}),
        ("accounts.tier_changed", {"before": "standard", "after": "high"}),
        ("accounts.churned", {"on": "2026-06-09", "source": SOURCE}),
        ("accounts.stage_changed", {"before": "retention", "after": "churn", "source": SOURCE}),
    ]
    assert told(nobodys) == [
        (
            "accounts.changed",
            {"changes": {"mrr": ["NOK\u00a00", "NOK\u00a01"]}, "source": SOURCE},
        ),
        ("accounts.owner_changed", {"before": "", "after": "Ada Lovett"}),
        (
            "accounts.stage_changed",
            {"before": "retention", "after": "test_drive", "source": SOURCE},
        ),
    ]


@pytest.mark.django_db
def test_a_tier_set_by_hand_stays(now):
    TierThresholdFactory()
    account = AccountFactory(tier="high", is_tier_set_by_hand=True, mrr=300)

    apply({"reference": account.reference, "mrr": "10"}, at=now)

    account.refresh_from_db()
    assert (account.tier, account.mrr) == ("high", Decimal(10))


@pytest.mark.django_db
def test_a_stage_moved_by_a_person_after_the_leaving_day_stays(now):
    account = AccountFactory(stage="lead", churned_on=datetime.date(2026, 5, 1))

    planned = apply({"reference": account.reference, "churned_on": "2026-05-01"}, at=now)

    assert counts(planned) == (0, 0, 1, 0)


@pytest.mark.django_db
def test_a_leaving_day_that_moves_is_told_again(now):
    account = AccountFactory(stage="retention", churned_on=datetime.date(2026, 7, 1))

    planned = apply({"reference": account.reference, "churned_on": "2026-06-30"}, at=now)

    assert counts(planned) == (0, 1, 0, 1)
    assert told(account) == [("accounts.churned", {"on": "2026-06-30", "source": SOURCE})]

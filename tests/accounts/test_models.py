import datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import IntegrityError, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.accounts import jobs, rules
from apps.accounts.models import Account, ContactPermission, Status, TierThreshold
from apps.core.jobs import ring_due
from tests.factories.accounts import (
    AccountFactory,
    ContactFactory,
    ContactPermissionFactory,
    TierThresholdFactory,
)

DAY = datetime.timedelta(days=1)
days = st.dates(datetime.date(1999, 1, 1), datetime.date(2040, 12, 31))


def date(text):
    return datetime.date.fromisoformat(text)


# --- status: by the calendar of the customer's zone ----------------------------

# 10:30 on 8 June in London is 23:30 of it in Auckland, and two hours later the next day there.
MOMENT = datetime.datetime(2026, 6, 8, 11, 30, tzinfo=datetime.UTC)


@pytest.mark.parametrize(
    ("zone", "moment", "expected"),
    [
        ("UTC", MOMENT, "leaving"),
        ("Pacific/Auckland", MOMENT, "leaving"),
        ("Pacific/Auckland", MOMENT + datetime.timedelta(minutes=30), "churned"),
        ("Pacific/Kiritimati", MOMENT, "churned"),
        ("Etc/GMT+12", MOMENT + DAY, "leaving"),
        ("Etc/GMT+12", MOMENT + DAY + datetime.timedelta(minutes=30), "churned"),
    ],
)
@pytest.mark.django_db
def test_a_last_day_begins_at_midnight_where_the_customer_is(zone, moment, expected):
    account = AccountFactory(time_zone=zone, churned_on=date("2026-06-09"))

    assert account.status(moment) == expected
    assert list(Account.objects.with_status(expected, at=moment)) == [account]


@pytest.mark.django_db
def test_the_list_and_the_record_agree_on_every_status():
    at = datetime.datetime(2026, 6, 9, 12, tzinfo=datetime.UTC)
    dates = [
        (None, None),
        ("2026-06-10", None),
        ("2026-06-09", None),
        ("2024-02-29", None),
        ("2024-02-29", "2026-06-10"),
        ("2024-02-29", "2026-06-09"),
        ("2026-06-11", "2026-06-12"),
    ]
    for started, churned in dates:
        AccountFactory(started_on=started and date(started), churned_on=churned and date(churned))

    for status in Status:
        listed = set(Account.objects.with_status(status, at=at))
        assert listed == {a for a in Account.objects.all() if a.status(at) == status}
    assert Account.objects.with_status(*Status, at=at).count() == len(dates)


@given(days, st.none() | days, st.none() | days)
def test_a_status_never_goes_back(today, started_on, churned_on):
    order = ["prospect", "customer", "leaving", "churned"]
    if churned_on is not None and (started_on is None or churned_on < started_on):
        churned_on = None

    now = rules.status(started_on, churned_on, today)
    tomorrow = rules.status(started_on, churned_on, today + DAY)

    assert order.index(tomorrow) >= order.index(now)


@given(st.integers(946_771_200, 2_208_988_800))  # seconds, from 2000 to 2040
@settings(max_examples=50)
def test_a_record_asks_its_own_calendar(seconds):
    moment = datetime.datetime.fromtimestamp(seconds, datetime.UTC)
    account = AccountFactory.build(timeline=None, time_zone="Pacific/Auckland")

    today = moment.astimezone(ZoneInfo("Pacific/Auckland")).date()
    assert account.today(moment) == today


# --- tiers, marks, numbers ------------------------------------------------------


@pytest.mark.parametrize(("mrr", "tier"), [(99, "standard"), (100, "mid"), (250, "high")])
def test_a_tier_begins_at_its_threshold(mrr, tier):
    assert rules.tier(mrr, TierThreshold(mid_from=100, high_from=250)) == tier


def test_without_a_threshold_everybody_is_standard():
    assert rules.tier(1_000_000, None) == "standard"


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        ("email", " Nadia@Larkspur.Example", "nadia@larkspur.example"),
        ("phone", "+44 161 496 0142", "+441614960142"),
        ("domain", "LARKSPUR.example", "larkspur.example"),
        ("external", " a-1 ", "a-1"),
    ],
)
def test_two_spellings_of_one_mark_are_equal(kind, one, other):
    assert rules.normalise(kind, one) == rules.normalise(kind, other) == other


def test_case_matters_in_a_number_from_elsewhere():
    assert rules.normalise("external", "A-1") != rules.normalise("external", "a-1")


@pytest.mark.parametrize(
    ("typed", "home", "number"),
    [
        ("0161 496 0142", "GB", "+441614960142"),
        ("+44 (0)161 496 0142", "US", "+441614960142"),
        ("(212) 555-0187", "US", "+12125550187"),
        ("030 901820", "DE", "+4930901820"),
    ],
)
def test_a_number_is_kept_in_international_form(typed, home, number):
    assert rules.e164(typed, home) == number


@pytest.mark.parametrize("typed", ["ask Colin", "161", "+44 161 496 0142 0142 0142"])
def test_what_can_not_be_a_number_is_refused(typed):
    with pytest.raises(ValueError, match=r"\w"):
        rules.e164(typed, "GB")


@pytest.mark.parametrize(
    ("zone", "currency", "home"),
    [
        ("America/Chicago", "GBP", "US"),
        ("UTC", "JPY", "JP"),
        ("UTC", "GBP", "GB"),
        ("Asia/Kathmandu", "NPR", "GB"),
    ],
)
def test_the_home_of_a_number_is_told_by_zone_then_currency(zone, currency, home):
    assert rules.region(zone, currency) == home


@pytest.mark.parametrize(
    ("sent", "home", "numbers"),
    [
        ("01614960142", "GB", ["+441614960142"]),
        ("+441614960142", "GB", ["+441614960142"]),
        (" 441614960142", "GB", ["+441614960142"]),
        ("441614960142", "US", ["+441614960142"]),
        ("00441614960142", "US", ["+441614960142"]),
        ("2125550123", "US", ["+12125550123"]),
        ("4961496014", "GB", ["+444961496014", "+4961496014"]),
        (" 4961496014", "GB", ["+4961496014", "+444961496014"]),
        ('"Nadia" <sip:+441614960142@pbx.example>', "GB", ["+441614960142"]),
        ("sips:%2B441614960142@pbx.example;user=phone", "GB", ["+441614960142"]),
        ("tel:0161-496-0142;ext=7", "GB", ["+441614960142"]),
        ("1001", "GB", []),
        ("anonymous", "GB", []),
        ("", "GB", []),
    ],
)
def test_what_a_phone_system_sends_is_read_as_the_numbers_it_may_be(sent, home, numbers):
    assert rules.dialled(sent, home) == numbers


# --- what the database refuses --------------------------------------------------


@pytest.mark.parametrize(
    "wrong",
    [
        {"stage": "gone"},
        {"tier": "gold"},
        {"mrr": -1},
        {"currency": "gbp"},
        {"churned_on": date("2024-01-14")},
        {"started_on": None, "churned_on": date("2024-01-14")},
    ],
    ids="-".join,
)
@pytest.mark.django_db
def test_the_database_refuses_an_impossible_customer(wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        AccountFactory(**wrong)


@pytest.mark.django_db
def test_the_database_refuses_thresholds_that_do_not_rise():
    with pytest.raises(IntegrityError, match="rising"), transaction.atomic():
        TierThresholdFactory(mid_from=250, high_from=250)


@pytest.mark.django_db
def test_one_contact_is_the_first_to_call():
    first = ContactFactory(is_primary=True)

    with pytest.raises(IntegrityError, match="one_primary"), transaction.atomic():
        ContactFactory(account=first.account, is_primary=True)


@pytest.mark.django_db
def test_the_database_keeps_permissions_as_they_were_said():
    said = ContactPermissionFactory()

    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        ContactPermission.objects.filter(pk=said.pk).update(is_given=False)
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        said.delete()


# --- who sees what --------------------------------------------------------------


def test_customers_of_a_private_team_are_seen_by_its_people_and_admins(
    account, private_account, agent, outsider, manager, admin
):
    def seen_by(person):  # who signed in with this request
        return set(Account.objects.visible_to(type(person).objects.get(pk=person.pk)))

    assert seen_by(agent) == seen_by(manager) == {account}
    assert seen_by(outsider) == seen_by(admin) == {account, private_account}
    account.team.manager = private_account.team.manager = manager
    private_account.team.save()
    assert seen_by(manager) == {account, private_account}


# --- the calendar's job ---------------------------------------------------------


@pytest.mark.django_db
def test_the_ticker_rings_when_somebodys_last_day_has_come(now, ran_jobs):
    account = AccountFactory(churned_on=date("2026-06-10"), stage_since=now)

    with time_machine.travel(now, tick=False):
        assert "accounts.close_churned" not in ring_due()
    with time_machine.travel(now + DAY, tick=False):
        assert "accounts.close_churned" in ring_due()
        ran_jobs()
        assert not jobs._due()

    account.refresh_from_db()
    assert account.stage == "churn"


@pytest.mark.django_db
def test_in_a_list_a_missing_day_comes_after_every_other():
    AccountFactory(name="Never", started_on=None)
    AccountFactory(name="Late", started_on=date("2040-01-01"))

    rows = Account.objects.with_sort_keys().order_by("started_key")
    assert [row.name for row in rows] == ["Late", "Never"]

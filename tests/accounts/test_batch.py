import datetime
from contextlib import contextmanager
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from apps.accounts.actions import batch
from apps.accounts.actions.batch import Overtaken, Problem
from apps.accounts.models import Account, Contact, Identity
from apps.history import subscriptions
from apps.history.models import Delivery, Event, Timeline
from tests.factories.accounts import (
    AccountFactory,
    BlockedIdentityFactory,
    ContactFactory,
    IdentityFactory,
    TierThresholdFactory,
)
from tests.factories.users import TeamFactory

SOURCE = "import customers.csv"


def plan(*rows, at, currency="GBP"):
    """Stage rows, given as dicts of texts, and plan them."""
    columns = ["line", "reference", *sorted({name for row in rows for name in row} - {"reference"})]
    staged = [
        (str(line), *(row.get(name) for name in columns[1:])) for line, row in enumerate(rows, 2)
    ]
    batch.stage_batch(staged, columns=columns)
    return batch.plan_batch(at=at, currency=currency)


def apply(*rows, at, by=None, **options):
    """Stage, plan and write."""
    with transaction.atomic():
        planned = plan(*rows, at=at, **options)
        assert planned.problems == []
        batch.apply_batch(by=by, at=at, source=SOURCE)
    return planned


def counts(planned):
    return (planned.created, planned.updated, planned.unchanged, planned.churned)


def told(account):
    """(kind, payload) of the customer's events in the order they were written."""
    events = Event.objects.filter(timeline=account.timeline_id).order_by("id")
    return [(event.kind, event.payload) for event in events]


@contextmanager
def somebody_else():
    """A cursor of another connection, which commits by itself."""
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            yield cursor
    finally:
        other.close()


# --- New customers --------------------------------------------------------------


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


# --- Customers we have ----------------------------------------------------------


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


# --- Contacts -------------------------------------------------------------------

ANN = {
    "contact_name": "Ann Lee",
    "contact_email": "Ann@b.example",
    "contact_email_key": "ann@b.example",
    "contact_phone": "+441614960142",
}


@pytest.mark.django_db
def test_a_new_customer_comes_with_its_contact_and_their_marks(now):
    apply({"reference": "C-1", "name": "Larkspur", **ANN}, at=now)

    contact = Contact.objects.get()
    assert (contact.name, contact.email, contact.phone) == (
        *("Ann Lee", "Ann@b.example", "+441614960142"),
    )
    assert (contact.title, contact.preferred_channel, contact.language) == ("", "phone", "en")
    assert (contact.is_primary, contact.created_at) == (True, now)
    marks = Identity.objects.order_by("kind").values_list("kind", "value", "normalised", "source")
    assert list(marks) == [
        ("email", "Ann@b.example", "ann@b.example", SOURCE),
        ("phone", "+441614960142", "+441614960142", SOURCE),
    ]
    assert {i.contact for i in Identity.objects.all()} == {contact}
    assert told(contact.account) == [("accounts.created", {"source": SOURCE})]


@pytest.mark.django_db
def test_a_contact_who_is_new_to_a_customer_is_added_and_told(now, account):
    first = ContactFactory(account=account, is_primary=True)

    planned = apply({"reference": account.reference, **ANN}, at=now)

    contact = Contact.objects.exclude(pk=first.pk).get()
    assert counts(planned) == (0, 1, 0, 0)
    assert (contact.account, contact.is_primary) == (account, False)
    assert told(account) == [("accounts.contact_added", {"name": "Ann Lee", "source": SOURCE})]
    account.refresh_from_db()
    assert account.version == 1  # the record itself is as it was


@pytest.mark.django_db
@pytest.mark.parametrize(
    "row",
    [
        {"contact_email": "ANN@b.example", "contact_email_key": "ann@b.example"},
        {"contact_phone": "+441614960142"},
        {"contact_name": "ANN LÉE"},
    ],
)
def test_a_contact_is_found_by_address_number_or_name(now, account, row):
    contact = ContactFactory(
        account=account, name="Ann Lée", email="ann@b.example", phone="+441614960142"
    )
    ContactFactory(account=account, email="", phone="")
    ContactFactory(name="Ann Lée")

    apply({"reference": account.reference, "contact_title": "Owner", **row}, at=now)

    contact.refresh_from_db()
    assert (contact.title, Contact.objects.count()) == ("Owner", 3)
    assert contact.name == row.get("contact_name", "Ann Lée")


@pytest.mark.django_db
def test_an_address_finds_before_a_number_and_a_number_before_a_name(now, account):
    by_name = ContactFactory(account=account, name="Ann Lee", email="", phone="")
    by_phone = ContactFactory(account=account, name="B", email="", phone="+441614960142")
    by_email = ContactFactory(account=account, name="C", email="ann@b.example", phone="")

    apply({"reference": account.reference, **ANN}, at=now)

    by_email.refresh_from_db()
    assert (by_email.name, by_email.phone) == ("Ann Lee", "+441614960142")
    assert Contact.objects.get(pk=by_phone.pk).name == "B"
    assert Contact.objects.get(pk=by_name.pk).email == ""
    assert told(account) == [
        (
            "accounts.contact_changed",
            {
                "name": "Ann Lee",
                "changes": {
                    "name": ["C", "Ann Lee"],
                    "email": ["ann@b.example", "Ann@b.example"],
                    "phone": ["", "+441614960142"],
                },
                "source": SOURCE,
            },
        )
    ]


@pytest.mark.django_db
def test_a_contact_that_is_as_it_was_is_not_told(now, account):
    ContactFactory(
        account=account, name="Ann Lee", email="Ann@b.example", phone="+441614960142", title="CEO"
    )

    planned = apply({"reference": account.reference, **ANN}, at=now)

    assert counts(planned) == (0, 0, 1, 0)
    assert Identity.objects.count() == 0


@pytest.mark.django_db
def test_a_contact_without_a_name_is_called_by_address_or_number(now):
    rows = [
        {"reference": "A", "name": "A", "contact_email": "a@b.example"},
        {"reference": "B", "name": "B", "contact_phone": "+441614960142"},
        {"reference": "C", "name": "C", "contact_title": "Owner"},
    ]

    apply(*rows, at=now)

    names = Contact.objects.order_by("account__reference").values_list("name", flat=True)
    assert list(names) == ["a@b.example", "+441614960142"]


@pytest.mark.django_db
def test_marks_that_are_blocked_or_another_s_are_left_and_the_first_row_wins(now):
    theirs = IdentityFactory(kind="phone", value="+441614960142", normalised="+441614960142")
    BlockedIdentityFactory(normalised="info@b.example")
    shared = {"contact_email": "both@b.example", "contact_email_key": "both@b.example"}
    blocked = {"contact_email": "info@b.example", "contact_email_key": "info@b.example"}

    apply(
        {"reference": "A", "name": "A", **shared, "contact_phone": "+441614960142"},
        {"reference": "B", "name": "B", **shared},
        {"reference": "C", "name": "C", **blocked},
        at=now,
    )

    claimed = Identity.objects.exclude(pk=theirs.pk).get()
    assert (claimed.normalised, claimed.account.reference) == ("both@b.example", "A")
    assert Contact.objects.count() == 3


# --- Refusals -------------------------------------------------------------------


@pytest.mark.django_db
def test_rows_that_contradict_what_is_stored_are_problems(now):
    AccountFactory(reference="OLD", started_on=datetime.date(2025, 1, 1))
    AccountFactory(reference="NONE", started_on=None)

    with transaction.atomic():
        planned = plan(
            {"reference": "NEW"},
            {"reference": "OLD", "churned_on": "2024-12-31"},
            {"reference": "NONE", "churned_on": "2024-12-31"},
            {"reference": "GOOD", "name": "Good"},
            at=now,
        )
        verdicts = list(batch.verdicts())

    assert counts(planned) == (1, 0, 0, 0)
    assert planned.problems == [
        Problem(2, "name", "“NEW” is not a customer yet, and there is no name for it."),
        Problem(
            *(3, "churned_on"),
            "The leaving day, 2024-12-31, is before the first day, 2025-01-01.",
        ),
        Problem(4, "churned_on", "There is a leaving day, 2024-12-31, but no first day."),
    ]
    assert verdicts == [
        *((2, "error", "NEW"), (3, "error", "OLD"), (4, "error", "NONE")),
        (5, "create", "GOOD"),
    ]


@pytest.mark.django_db
def test_an_error_in_the_middle_of_writing_leaves_nothing(now, account):
    rows = [
        {"reference": account.reference, "name": "Changed"},
        {"reference": "C-2", "name": "New", "contact_name": "Ann", "contact_channel": "fax"},
    ]

    with pytest.raises(IntegrityError, match="accounts_contact_channel"):
        apply(*rows, at=now)

    account.refresh_from_db()
    assert account.name == "Larkspur Dental"
    assert (Account.objects.count(), Timeline.objects.count()) == (1, 2)  # and the owner's
    assert (Contact.objects.count(), Event.objects.count()) == (0, 0)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "change",
    [
        "UPDATE accounts_account SET plan = 'Team'",
        "UPDATE accounts_contact SET title = 'CEO'",
        "UPDATE accounts_account SET reference = 'C-2'",
    ],
)
def test_somebody_who_was_faster_is_not_overwritten(now, change):
    account = AccountFactory(reference="C-1")
    ContactFactory(account=account, name="Ann Lee")
    rows = [{"reference": "C-1", **ANN}, {"reference": "C-2", "name": "New"}]

    with pytest.raises(Overtaken, match="at the same time"), transaction.atomic():
        plan(*rows, at=now)
        with somebody_else() as cursor:
            cursor.execute(change)
        batch.apply_batch(by=None, at=now, source=SOURCE)

    assert Event.objects.count() == 0
    assert Account.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_customer_who_is_held_for_too_long_is_not_waited_for(now):
    AccountFactory(reference="C-1")

    with somebody_else() as cursor, pytest.raises(Overtaken), transaction.atomic():
        cursor.execute("BEGIN; SELECT FROM accounts_account FOR UPDATE")
        plan({"reference": "C-1", "name": "Changed"}, at=now)
        with connection.cursor() as ours:
            ours.execute("SET LOCAL lock_timeout = '50ms'")
        batch.apply_batch(by=None, at=now, source=SOURCE)

    assert Event.objects.count() == 0


# --- Telling --------------------------------------------------------------------


@pytest.mark.django_db
def test_subscribers_hear_of_every_customer(now, ran_jobs):
    heard = []
    subscriptions.subscribe("tests.hear", ["accounts.created"], heard.append)
    try:
        apply({"reference": "A", "name": "A"}, {"reference": "B", "name": "B"}, at=now)

        assert Delivery.objects.filter(subscriber="tests.hear", next_at=now).count() == 2
        assert set(ran_jobs()) == {"history.deliver"}
        assert [event.payload for event in heard] == [{"source": SOURCE}] * 2
    finally:
        subscriptions.unsubscribe("tests.hear")

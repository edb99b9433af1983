import datetime
import uuid

import pytest

from apps.accounts import forms
from apps.accounts.models import Contact
from tests.factories.accounts import AccountFactory, ContactFactory
from tests.factories.users import UserFactory


def details(**given):
    fields = {
        "key": uuid.uuid4(),
        "version": 1,
        "name": "Bramley & Vine",
        "reference": "BV-1",
        "mrr": "49",
        "currency": "GBP",
        "stage": "lead",
        "time_zone": "Europe/London",
    }
    return fields | given


def errors_of(form):
    return {name: list(errors) for name, errors in form.errors.items()}


def test_a_currency_may_be_typed_in_small_letters(agent):
    form = forms.AccountForm(details(currency="eur"), user=agent)

    assert form.is_valid()
    assert form.cleaned_data["currency"] == "EUR"


@pytest.mark.parametrize(
    ("typed", "errors"),
    [
        ({"currency": "£"}, {"currency": ["Write the currency as three letters, such as GBP."]}),
        ({"mrr": "-1"}, {"mrr": ["Write an amount of 0 or more."]}),
        ({"mrr": "a lot"}, {"mrr": ["Write an amount, such as 249 or 199.20."]}),
        ({"mrr": ""}, {"mrr": ["Write what they pay for a month; 0 if nothing."]}),
        ({"name": " "}, {"name": ["Write the customer’s name."]}),
        ({"key": "1"}, {"key": ["This page is out of date. Load it again."]}),
    ],
)
def test_a_wrong_answer_says_what_to_do(agent, typed, errors):
    assert errors_of(forms.AccountForm(details(**typed), user=agent)) == errors


@pytest.mark.parametrize(
    ("typed", "errors"),
    [
        (
            {"started_on": "2026-01-02", "churned_on": "2026-01-01"},
            {"churned_on": ["Choose a last day that is not before the first one."]},
        ),
        (
            {"churned_on": "2026-01-01"},
            {"started_on": ["Say since when they were a customer."]},
        ),
        (
            {"started_on": "soon", "churned_on": "2026-01-01"},
            {"started_on": ["Enter a valid date."]},
        ),
    ],
)
def test_the_last_day_comes_after_the_first(agent, account, typed, errors):
    form = forms.AccountForm(details(**typed), user=agent, instance=account)

    assert errors_of(form) == errors


def test_a_reference_of_another_customer_is_named(agent, account):
    form = forms.AccountForm(details(reference="LD-20418"), user=agent)

    assert errors_of(form) == {
        "reference": ["Larkspur Dental has this reference. Choose another one."]
    }
    assert form.existing == account


def test_a_reference_of_a_hidden_customer_is_not_named(agent, private_account):
    form = forms.AccountForm(details(reference=private_account.reference), user=agent)

    assert errors_of(form) == {
        "reference": ["Another customer has this reference. Choose another one."]
    }
    assert form.existing is None


def test_a_customer_keeps_its_own_reference(agent, account):
    form = forms.AccountForm(details(reference="LD-20418"), user=agent, instance=account)

    assert form.is_valid()
    assert account.name == "Larkspur Dental"


def test_who_may_not_assign_is_not_asked_for_an_owner(agent, manager):
    assert "owner" not in forms.AccountForm(user=agent).fields
    assert "owner" in forms.AccountForm(user=manager).fields


def test_only_teams_in_sight_and_active_people_are_offered(manager, private_team):
    UserFactory(name="Gone", is_active=False, team=None)
    form = forms.AccountForm(user=manager)

    assert [str(team) for team in form.fields["team"].queryset] == ["Northern"]
    assert [str(person) for person in form.fields["owner"].queryset] == ["Max Brandt"]


def test_a_private_team_may_not_hide_a_customer_from_its_owner(admin, agent, private_team):
    form = forms.AccountForm(details(owner=agent.pk, team=private_team.pk), user=admin)

    assert errors_of(form) == {
        "team": ["Discreet is private, and Ada Lovett could not see this customer."]
    }


def test_an_unusual_zone_of_an_old_record_is_kept(agent):
    account = AccountFactory(time_zone="GB")
    form = forms.AccountForm(
        details(time_zone="GB", reference=account.reference), user=agent, instance=account
    )

    assert form.is_valid()


def test_a_tier_by_hand_needs_a_reason():
    message = {"reason": ["Write why, in a sentence."]}
    assert errors_of(forms.TierForm({"tier": "high"})) == message
    assert forms.TierForm({"tier": "high", "reason": "Reference"}).is_valid()
    assert forms.TierForm({"tier": ""}).is_valid()


def test_an_owner_of_a_private_team_is_one_of_its_people(private_account, outsider, manager, agent):
    private_account.team.manager = manager
    private_account.team.save()

    form = forms.OwnerForm(account=private_account)

    assert list(form.fields["owner"].queryset) == [manager, outsider]


# --- people --------------------------------------------------------------------


def contact_form(account, **typed):
    fields = {"key": uuid.uuid4(), "name": "Nadia", "preferred_channel": "phone", "language": "en"}
    return forms.ContactForm(fields | typed, account=account)


@pytest.mark.parametrize(
    ("zone", "typed", "phone"),
    [
        ("Europe/London", "0161 496 0142", "+441614960142"),
        ("America/New_York", "212 555 0187", "+12125550187"),
        ("America/New_York", "+44 161 496 0142", "+441614960142"),
        ("Europe/London", "", ""),
    ],
)
@pytest.mark.django_db
def test_a_number_is_read_as_at_the_customers(zone, typed, phone):
    form = contact_form(AccountFactory(time_zone=zone), phone=typed)

    assert form.is_valid()
    assert form.cleaned_data["phone"] == phone


def test_a_number_that_is_none_says_how_to_write_it(account):
    form = contact_form(account, phone="ask Colin")

    assert errors_of(form) == {
        "phone": ["Write the number with its country code, as +44 161 496 0142."]
    }


def test_an_address_that_is_none_says_how_to_write_it(account):
    form = contact_form(account, email="nadia", name="")

    assert errors_of(form) == {
        "name": ["Write the person’s name."],
        "email": ["Write the address whole, as name@customer.example."],
    }


def test_the_first_to_call_can_only_be_handed_on(account):
    contact = ContactFactory(account=account, is_primary=True, language="xx")
    form = forms.ContactForm(account=account, instance=contact)

    assert "is_primary" not in form.fields
    assert ("xx", "xx") in form.fields["language"].choices
    assert isinstance(form.instance, Contact)


def test_an_other_contact_may_become_the_first_to_call(account):
    contact = ContactFactory(account=account)

    assert "is_primary" in forms.ContactForm(account=account, instance=contact).fields


# --- permissions -----------------------------------------------------------------


def permission(account, at, **typed):
    fields = {"channel": "sms", "is_given": "no", "source": "Letter", "said_on": "2026-06-09"}
    return forms.PermissionForm(fields | typed, account=account, at=at)


def test_what_was_said_today_was_said_now(account, now):
    form = permission(account, now)

    assert form.is_valid()
    assert form.answers() == {
        "channel": "sms",
        "is_given": False,
        "source": "Letter",
        "said_at": now,
    }


def test_what_was_said_earlier_was_said_at_noon_at_the_customers(account, now):
    form = permission(account, now, said_on="2026-05-01", is_given="yes")

    assert form.is_valid()
    assert form.answers()["is_given"] is True
    assert form.answers()["said_at"] == datetime.datetime(2026, 5, 1, 11, tzinfo=datetime.UTC)


def test_nothing_is_said_tomorrow(account, now):
    form = permission(account, now, said_on="2026-06-10", is_given="", source="")

    assert errors_of(form) == {
        "is_given": ["Choose what they said."],
        "source": ["Write where they said so."],
        "said_on": ["Choose today or an earlier day."],
    }


# --- marks -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "typed", "value"),
    [
        ("phone", "0161 496 0142", "+441614960142"),
        ("email", "a@customer.example", "a@customer.example"),
        ("domain", "customer.example", "customer.example"),
        ("external", "A-1", "A-1"),
    ],
)
def test_a_mark_is_read_by_its_kind(kind, typed, value):
    form = forms.IdentityForm({"kind": kind, "value": typed})

    assert form.is_valid()
    assert form.cleaned_data["value"] == value


@pytest.mark.parametrize(
    ("kind", "typed", "error"),
    [
        ("phone", "none", "Write the number with its country code, as +44 161 496 0142."),
        ("email", "none", "Write the address whole, as name@customer.example."),
        ("domain", "https://customer.example/", "Write the domain alone, as customer.example."),
        ("external", "", "Write the address, number or name."),
    ],
)
def test_a_mark_that_is_none_says_how_to_write_it(kind, typed, error):
    assert errors_of(forms.IdentityForm({"kind": kind, "value": typed})) == {"value": [error]}


def test_a_blocked_value_is_kept_as_it_is_compared(db):
    form = forms.BlockedForm(
        {"kind": "phone", "normalised": "0161 496 0142", "reason": "Switchboard"}
    )

    assert form.is_valid()
    assert form.cleaned_data["normalised"] == "+441614960142"


@pytest.mark.parametrize(
    ("typed", "fields"),
    [
        ({"kind": "phone", "normalised": "x"}, ["normalised"]),
        ({"kind": ""}, ["kind", "normalised"]),
    ],
)
def test_a_blocked_value_that_is_none_is_refused(db, typed, fields):
    form = forms.BlockedForm({"reason": "Shared"} | typed)

    assert sorted(form.errors) == fields

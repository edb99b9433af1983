"""Two people edit one customer: what only one of them changed holds, for the rest one chooses."""

import datetime
import threading
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test import Client

from apps.accounts import actions, conflict, custom
from apps.accounts.forms import AccountForm, ContactForm
from apps.accounts.models import Account
from tests.accounts.asking import messages_of, said, url
from tests.accounts.editing import fields_of, opened, send
from tests.factories.accounts import ContactFactory, CustomFieldFactory
from tests.factories.users import make_person

# --- customers ------------------------------------------------------------------


@pytest.fixture
def ben(team):
    return make_person("agent", name="Ben Okoro", email="ben@example.com", team=team)


def test_what_only_the_other_changed_is_kept_with_what_only_i_changed(
    as_agent, account, ben, now, told
):
    path = url("edit", account.pk)
    sent = opened(as_agent, path)
    actions.edit(account, by=ben, at=now, plan="Practice", started_on=now.date())

    response = send(as_agent, path, sent, about="Dentists")

    assert response.url == account.get_absolute_url()
    assert messages_of(response) == [
        "Saved. Ben Okoro changed Customer since and Plan meanwhile; both are kept."
    ]
    account.refresh_from_db()
    assert (account.plan, account.about, account.version) == ("Practice", "Dentists", 3)
    assert account.started_on == now.date()
    assert told(account)[-1] == ("accounts.changed", {"changes": {"about": ["", "Dentists"]}})


@pytest.mark.parametrize("typed", [{}, {"plan": "Practice"}])
def test_the_same_change_made_twice_is_no_conflict(as_agent, account, ben, now, typed):
    path = url("edit", account.pk)
    sent = opened(as_agent, path)
    actions.edit(account, by=ben, at=now, plan="Practice")

    assert send(as_agent, path, sent, **typed).status_code == 302
    account.refresh_from_db()
    assert (account.plan, account.version) == ("Practice", 2)


def test_another_owner_or_stage_does_not_get_in_the_way_of_details(as_agent, account, ben, now):
    path = url("edit", account.pk)
    sent = opened(as_agent, path)
    actions.change_owner(account, to=ben, by=ben, at=now)

    assert messages_of(send(as_agent, path, sent, plan="Studio")) == ["Details saved."]
    account.refresh_from_db()
    assert (account.plan, account.owner) == ("Studio", ben)


@pytest.fixture
def met(as_agent, account, ben, now):
    """The answer to Ada, who typed another plan and a line about them while Ben saved his."""
    CustomFieldFactory(key="chairs", label="Chairs", kind="number")
    account.plan, account.custom = "Free", {"chairs": 3}
    account.save()
    path = url("edit", account.pk)
    sent = opened(as_agent, path)
    with time_machine.travel(now, tick=False):
        changes = {"plan": "Practice", "industry": "Health", "churned_on": now.date()}
        actions.edit(account, by=ben, at=now, custom={"chairs": 6}, **changes)
    with time_machine.travel(now + datetime.timedelta(minutes=2), tick=False):
        return send(as_agent, path, sent, plan="Studio", about="Dentists", cf_chairs="5")


def test_where_both_changed_something_the_second_sees_both_and_nothing_is_saved(met, account):
    assert met.status_code == 409
    page = " ".join(met.content.decode().split())
    assert "Ben Okoro changed this while you were typing" in page
    assert "Error: Edit details" in page
    for text in ("When you opened this page: Free", "When you opened this page: 3"):
        assert text in page
    assert "Practice – Ben Okoro, 2 min ago" in page
    assert "Studio – you, as typed below" in page
    assert "6 – Ben Okoro, 2 min ago" in page
    assert page.count("Taken from Ben Okoro, 2 min ago") == 2
    assert 'value="Studio"' in page
    assert 'value="Dentists"' in page
    assert 'value="Health"' in page
    form = met.context["form"]
    assert [row["label"] for row in form.taken()] == ["Last day", "Industry"]
    assert [row["label"] for row in form.kept()] == ["About"]
    assert form.errors["keep_plan"] == ["Choose whose to keep: Plan."]
    assert not any(each.data["selected"] for field in form.questions() for each in field)
    account.refresh_from_db()
    assert (account.plan, account.about) == ("Practice", "")


def test_each_choice_holds(met, as_agent, account):
    sent = fields_of(met.context["form"])

    response = send(
        as_agent, met.wsgi_request.path, sent, keep_plan="mine", keep_cf_chairs="theirs"
    )

    assert messages_of(response) == ["Details saved."]
    account.refresh_from_db()
    assert (account.plan, account.about, account.industry) == ("Studio", "Dentists", "Health")
    assert account.custom == {"chairs": 6}


def test_without_a_choice_it_asks_again_and_keeps_everything(met, as_agent, account):
    sent = fields_of(met.context["form"])

    again = send(as_agent, met.wsgi_request.path, sent, keep_plan="theirs", plan="Studio Plus")

    assert again.status_code == 422
    form = again.context["form"]
    assert list(form.errors) == ["keep_cf_chairs"]
    assert said(again, "Ben Okoro changed this while you were typing")
    assert form["plan"].value() == "Studio Plus"  # in case they think better of it
    assert form["keep_plan"].value() == "theirs"
    response = send(as_agent, met.wsgi_request.path, fields_of(form), keep_cf_chairs="mine")
    assert response.status_code == 302
    account.refresh_from_db()
    assert (account.plan, account.custom) == ("Practice", {"chairs": 5})


def test_while_one_chooses_a_third_may_save_again(met, as_agent, account, manager, now):
    sent = fields_of(met.context["form"])
    actions.edit(account, by=manager, at=now, plan="Team", about="Vets", custom={"chairs": None})

    again = send(as_agent, met.wsgi_request.path, sent, keep_plan="theirs", keep_cf_chairs="mine")

    assert again.status_code == 409
    form = again.context["form"]
    assert [row["label"] for row in form.taken()] == ["Plan"]
    assert list(form.errors) == ["keep_about", "keep_cf_chairs"]
    assert said(again, "empty – Max Brandt")
    assert form["plan"].value() == "Team"
    response = send(
        as_agent,
        met.wsgi_request.path,
        fields_of(form),
        keep_about="theirs",
        keep_cf_chairs="mine",
    )
    assert response.status_code == 302
    account.refresh_from_db()
    assert (account.plan, account.about, account.custom) == ("Team", "Vets", {"chairs": 5})


def test_an_answer_that_was_given_holds_when_something_else_changes(
    met, as_agent, account, manager, now
):
    sent = fields_of(met.context["form"])
    actions.edit(account, by=manager, at=now, industry="Care")

    response = send(
        as_agent, met.wsgi_request.path, sent, keep_plan="theirs", keep_cf_chairs="theirs"
    )

    assert messages_of(response) == ["Saved. Max Brandt changed Industry meanwhile; both are kept."]
    account.refresh_from_db()
    assert (account.plan, account.about, account.industry) == ("Practice", "Dentists", "Care")


def test_an_amount_and_its_currency_are_chosen_together(as_agent, account, ben, now):
    path = url("edit", account.pk)
    sent = opened(as_agent, path)
    actions.edit(account, by=ben, at=now, currency="EUR")

    response = send(as_agent, path, sent, mrr="300")

    assert response.status_code == 409
    assert list(response.context["form"].errors) == ["keep_mrr", "keep_currency"]
    sent = fields_of(response.context["form"])
    actions.edit(account, by=ben, at=now, mrr=Decimal(280))
    response = send(as_agent, path, sent, keep_mrr="mine", keep_currency="theirs")
    assert list(response.context["form"].errors) == ["keep_mrr"]
    actions.edit(account, by=ben, at=now, currency="USD")
    sent = fields_of(response.context["form"])
    response = send(as_agent, path, sent, keep_mrr="theirs")
    account.refresh_from_db()
    assert (account.mrr, account.currency) == (Decimal(280), "USD")


def test_days_that_no_longer_fit_together_come_back_as_typed(as_agent, account, ben, now):
    path = url("edit", account.pk)
    sent = opened(as_agent, path)
    actions.edit(account, by=ben, at=now, started_on=datetime.date(2026, 6, 1))

    response = send(as_agent, path, sent, churned_on="2026-05-01")

    assert response.status_code == 409
    assert said(response, "Choose a last day that is not before the first one.")
    assert response.context["form"]["churned_on"].value() == "2026-05-01"


def test_a_team_is_said_by_its_name(as_agent, account, ben, now):
    path = url("edit", account.pk)
    sent = opened(as_agent, path)
    actions.edit(account, by=None, at=now, team=None)
    other = make_person("agent", email="o@example.com").team

    response = send(as_agent, path, sent, team=other.pk)

    assert said(response, f"{other.name} – you, as typed below")
    assert said(response, "empty – Mainstay")
    assert said(response, "When you opened this page: Northern")


def test_a_form_whose_opening_is_lost_asks_about_all_that_differs(as_agent, account, ben, now):
    path = url("edit", account.pk)
    sent = opened(as_agent, path) | {"opened": "?"}
    Account.objects.filter(pk=account.pk).update(version=2, plan="Practice")

    response = send(as_agent, path, sent, about="Dentists")

    form = response.context["form"]
    assert list(form.errors) == ["keep_about", "keep_plan"]
    assert not said(response, "When you opened this page")
    assert said(response, "Mainstay changed this while you were typing")
    response = send(as_agent, path, fields_of(form), keep_about="mine", keep_plan="theirs")
    account.refresh_from_db()
    assert (account.plan, account.about) == ("Practice", "Dentists")


def test_a_field_that_came_to_be_meanwhile_keeps_its_value(as_agent, account, ben, now):
    path = url("edit", account.pk)
    sent = opened(as_agent, path)
    CustomFieldFactory(key="chairs", label="Chairs", kind="number")
    custom.forget()
    actions.edit(account, by=ben, at=now, custom={"chairs": 6})

    assert send(as_agent, path, sent, plan="Studio").status_code == 302
    account.refresh_from_db()
    assert (account.plan, account.custom) == ("Studio", {"chairs": 6})


def test_a_value_that_can_not_be_taken_says_so(account, agent):
    zones = {"theirs": {"time_zone": "Nowhere"}, "mine": {"time_zone": "UTC"}}
    met = conflict.Meeting(verdicts={"time_zone": "both", "gone": "both"}, **zones)
    sealed = conflict.seal({"time_zone": "Nowhere"}, met, subject=account)
    data = fields_of(AccountForm(user=agent, instance=account))
    data |= {"opened": sealed, "keep_time_zone": "theirs"}

    form = AccountForm(data, user=agent, instance=account)

    assert list(form.errors) == ["time_zone"]


@pytest.mark.parametrize("count", [1, 4])
def test_a_conflict_costs_the_same_however_much_was_changed(
    as_agent, account, ben, now, django_assert_max_num_queries, count
):
    path = url("edit", account.pk)
    sent = opened(as_agent, path)
    for number in range(count):
        actions.edit(account, by=ben, at=now, plan=f"P{number}", industry=f"I{number}")

    # Owner and team are read once the rows are held: of before the wait they would be nobody.
    with django_assert_max_num_queries(38):
        response = send(as_agent, path, sent, plan="Mine", industry="Mine")
    assert response.status_code == 409


@pytest.mark.django_db(transaction=True)
def test_two_who_save_different_fields_at_once_are_both_heard(account, agent, manager):
    people = [(agent, {"plan": "Studio"}), (manager, {"about": "Dentists"})]
    path, gate, statuses = url("edit", account.pk), threading.Barrier(2), []

    def work(person, typed):
        try:
            browser = Client()
            browser.force_login(person)
            sent = opened(browser, path)
            gate.wait(20)
            statuses.append(send(browser, path, sent, **typed).status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=each) for each in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    account.refresh_from_db()
    assert statuses == [302, 302]
    assert (account.plan, account.about, account.version) == ("Studio", "Dentists", 3)


# --- contacts -------------------------------------------------------------------


def test_contacts_meet_in_the_same_way(as_agent, account, ben, now):
    contact = ContactFactory(account=account, name="Colin", title="Owner")
    other = ContactFactory(account=account, name="Dora")
    path = url("contact-edit", account.pk, contact.pk)
    sent = opened(as_agent, path)
    actions.edit_contact(contact, by=ben, at=now, title="Buyer", is_primary=True)
    actions.edit_contact(other, by=None, at=now, title="Nurse")

    response = send(as_agent, path, sent, title="Manager", phone="0161 496 0142")

    assert response.status_code == 409
    form = response.context["form"]
    assert said(response, "Buyer – Ben Okoro")
    assert said(response, "When you opened this page: Owner")
    assert [row["label"] for row in form.kept()] == ["Phone"]
    assert form["phone"].value() == "0161 496 0142"
    response = send(as_agent, path, fields_of(form), keep_title="mine")
    assert messages_of(response) == ["Contact saved."]
    contact.refresh_from_db()
    assert (contact.title, contact.phone) == ("Manager", "+441614960142")
    assert contact.is_primary


def test_who_is_first_to_call_merges_like_any_field(as_agent, account, ben, now):
    contact = ContactFactory(account=account, is_primary=True)
    path = url("contact-edit", account.pk, contact.pk)
    sent = opened(as_agent, path)
    second = ContactFactory(account=account)
    actions.make_primary(second, by=ben, at=now)

    assert messages_of(send(as_agent, path, sent, title="Owner")) == ["Contact saved."]
    contact.refresh_from_db()
    assert (contact.title, contact.is_primary) == ("Owner", False)


def test_a_tick_is_said_as_yes_or_no(account):
    form = ContactForm(account=account, instance=ContactFactory(account=account))

    assert (form.words("is_primary", "on"), form.words("is_primary", "")) == ("yes", "no")

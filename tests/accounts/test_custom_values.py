"""Values of custom fields on customers: written by actions, told by history."""

import uuid

import pytest
from django.urls import reverse

from apps.accounts import actions, custom
from apps.accounts.models import Account
from tests.factories.accounts import AccountFactory, CustomFieldFactory


@pytest.fixture
def chairs(db):
    return CustomFieldFactory(key="chairs", label="Chairs", kind="number")


def test_a_new_customer_comes_with_values(agent, now, told, chairs):
    values = {"chairs": 4, "unsaid": None}

    account = actions.create(by=agent, at=now, name="A", reference="A-1", custom=values)

    account.refresh_from_db()
    assert account.custom == {"chairs": 4}
    assert told(account) == [("accounts.created", {})]


def test_an_edit_tells_the_field_by_its_label(account, agent, now, told, chairs):
    actions.edit(account, by=agent, at=now, about="Dentists.", custom={"chairs": 4})
    actions.edit(account, by=agent, at=now, about="Dentists.", custom={"chairs": 4})

    account.refresh_from_db()
    assert (account.custom, account.version) == ({"chairs": 4}, 2)
    changes = {"about": ["", "Dentists."], "custom.Chairs": ["", "4"]}
    assert told(account) == [("accounts.changed", {"changes": changes})]


def test_an_edit_of_other_things_leaves_values_alone(agent, now, chairs):
    account = AccountFactory(custom={"chairs": 4, "gone": "kept"})

    actions.edit(account, by=agent, at=now, about="Dentists.", custom={"chairs": 4})

    account.refresh_from_db()
    assert account.custom == {"chairs": 4, "gone": "kept"}


def test_a_value_that_somebody_else_changed_meanwhile_is_a_conflict(account, agent, now, chairs):
    actions.edit(account, by=agent, at=now, custom={"chairs": 4}, version=1)

    with pytest.raises(actions.ChangedMeanwhile):
        actions.edit(account, by=agent, at=now, custom={"chairs": 5}, version=1)


def test_a_value_that_does_not_fit_writes_nothing(account, agent, now, told, chairs):
    with pytest.raises(actions.ValueRefused, match="Chairs: This is no value of the field."):
        actions.edit(account, by=agent, at=now, about="New", custom={"chairs": "many"})
    with pytest.raises(actions.ValueRefused, match="A field was taken out of use."):
        actions.edit(account, by=agent, at=now, about="New", custom={"rooms": 2})
    with pytest.raises(actions.ValueRefused):
        actions.create(by=agent, at=now, name="B", reference="B-1", custom={"chairs": True})

    account.refresh_from_db()
    assert (account.about, account.custom, told(account)) == ("", {}, [])


# --- On the form ----------------------------------------------------------------------


def edit(account):
    return reverse("accounts:edit", args=[account.pk])


def details(**more):
    return {
        "name": "Larkspur Dental",
        "reference": "LD-20418",
        "started_on": "2024-01-15",
        "mrr": "249",
        "currency": "GBP",
        "time_zone": "Europe/London",
        **more,
    }


def says(response):
    return " ".join(response.content.decode().split())


def test_the_form_asks_by_kind_in_groups(as_agent, chairs):
    CustomFieldFactory(key="ends", label="Contract ends", kind="date", group="Contract")
    CustomFieldFactory(key="reader", label="Card reader", kind="yes_no", group="Contract")
    CustomFieldFactory(key="page", label="Page", kind="link", hint="Where they book.")
    CustomFieldFactory(
        key="body", label="Body", kind="choice", choices=["GDC"], former_choices=["Guild", "Old"]
    )
    values = {"chairs": 7.5, "ends": "2026-06-30", "reader": False, "body": "Guild"}
    account = AccountFactory(custom=values)

    page = says(as_agent.get(edit(account)))

    assert "<legend><h2>More</h2></legend>" in page
    assert "<legend><h2>Contract</h2></legend>" in page
    assert '<input type="number" name="cf_chairs" value="7.5" step="any"' in page
    assert '<input type="date" name="cf_ends" value="2026-06-30"' in page
    assert '<option value="no" selected>No</option>' in page
    assert '<option value="Guild" selected>Guild (no longer offered)</option>' in page
    assert ">Old" not in page
    assert "Where they book." in page


def test_what_is_typed_is_stored_and_told(as_agent, account, told, chairs):
    CustomFieldFactory(key="reader", label="Card reader", kind="yes_no")
    sent = details(version=1, cf_chairs=" 4 ", cf_reader="yes")

    assert as_agent.post(edit(account), sent).status_code == 302
    account.refresh_from_db()
    assert account.custom == {"chairs": 4, "reader": True}
    assert told(account)[-1][1]["changes"]["custom.Card reader"] == ["", "Yes"]
    page = says(as_agent.get(account.get_absolute_url()))
    assert "Card reader: Yes" in page

    assert as_agent.post(edit(account), details(version=2, cf_chairs="")).status_code == 302
    account.refresh_from_db()
    assert account.custom == {}


def test_a_new_customer_may_come_with_values(as_agent, chairs):
    sent = details(key=str(uuid.uuid4()), stage="lead", cf_chairs="4")

    assert as_agent.post(reverse("accounts:new"), sent).status_code == 302
    assert Account.objects.get().custom == {"chairs": 4}


def test_a_required_field_is_asked_for_and_a_wrong_value_kept(as_agent, account, chairs):
    CustomFieldFactory(key="reader", label="Card reader", kind="yes_no", is_required=True)

    response = as_agent.post(edit(account), details(version=1, cf_chairs="many"))

    assert response.status_code == 422
    page = says(response)
    assert "Fill in “Card reader”." in page
    assert "“many” is not a number such as 1250.50." in page
    assert 'value="many"' in page


def test_a_field_that_was_retired_meanwhile_is_not_written(as_agent, account, chairs):
    custom.definitions()  # this process still believes in the field
    type(chairs).objects.update(retired_at=account.created_at)

    response = as_agent.post(edit(account), details(version=1, cf_chairs="4"))

    assert response.status_code == 422
    assert "A field was taken out of use. Load this page again." in says(response)


def test_a_value_that_is_no_longer_offered_can_not_be_chosen_again(as_agent, account):
    CustomFieldFactory(
        key="body", label="Body", kind="choice", choices=["GDC"], former_choices=["Guild"]
    )

    response = as_agent.post(edit(account), details(version=1, cf_body="Guild"))

    assert "Body: Choose one of the values that are offered." in says(response)


@pytest.mark.parametrize("count", [1, 9])
def test_more_fields_cost_no_more_queries(as_agent, account, django_assert_num_queries, count):
    CustomFieldFactory.create_batch(count)
    as_agent.get(edit(account))

    with django_assert_num_queries(5):
        as_agent.get(edit(account))


# --- On the customer's page -------------------------------------------------------------


def test_the_page_shows_values_in_groups_and_links_that_are_safe(as_agent, chairs):
    CustomFieldFactory(key="page", label="Page <1>", kind="link", group="Online & more")
    values = {"chairs": 1200, "page": "https://book.example/?a=1&b=2", "gone": "hidden"}
    account = AccountFactory(custom=values)

    page = says(as_agent.get(account.get_absolute_url()))

    assert '<dl class="facts"><dt>Chairs</dt><dd>1,200</dd></dl>' in page
    assert "<h3>Online &amp; more</h3>" in page
    assert "<dt>Page &lt;1&gt;</dt>" in page
    assert 'href="https://book.example/?a=1&amp;b=2" rel="noopener noreferrer nofollow"' in page
    assert "hidden" not in page.split('id="record"')[1].split("</section>")[0]

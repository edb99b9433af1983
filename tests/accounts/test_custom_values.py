"""Values of custom fields on customers: written by actions, told by history."""

import pytest

from apps.accounts import actions
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

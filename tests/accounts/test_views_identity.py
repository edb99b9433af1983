from apps.accounts.models import Identity
from tests.accounts.asking import messages_of, said, url
from tests.factories.accounts import (
    IdentityFactory,
)


def test_a_mark_is_added_and_removed(as_agent, account):
    assert as_agent.get(url("identity-new", account.pk)).status_code == 200
    response = as_agent.post(
        url("identity-new", account.pk), {"kind": "phone", "value": "0161 496 0142"}
    )
    assert messages_of(response) == ["They are recognised by it from now on."]
    identity = Identity.objects.get()
    remove = url("identity-remove", account.pk, identity.pk)
    assert said(as_agent.get(remove), "+44 161 496 0142")

    response = as_agent.post(remove)

    assert response.url == account.get_absolute_url()
    assert not Identity.objects.exists()


def test_a_mark_that_is_none_comes_back_as_typed(as_agent, account):
    response = as_agent.post(url("identity-new", account.pk), {"kind": "phone", "value": "none"})

    assert response.status_code == 422
    assert said(response, 'value="none"')


def test_a_mark_of_another_customer_says_what_to_do(as_agent, account):
    IdentityFactory(value="a@customer.example")

    response = as_agent.post(
        url("identity-new", account.pk), {"kind": "email", "value": "a@customer.example"}
    )

    assert response.status_code == 422
    assert said(response, "Another customer is recognised by this. Remove it there first.")


def test_a_mark_of_another_customer_can_not_be_removed_here(as_agent, account):
    identity = IdentityFactory()

    assert as_agent.post(url("identity-remove", account.pk, identity.pk)).status_code == 404
    assert Identity.objects.exists()

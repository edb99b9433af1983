import uuid

from apps.accounts.models import Contact, ContactPermission
from tests.accounts.asking import messages_of, said, url
from tests.factories.accounts import (
    AccountFactory,
    ContactFactory,
    IdentityFactory,
)
from tests.factories.workspace import FormKeyFactory


def person(**given):
    fields = {"key": uuid.uuid4(), "version": 1, "name": "Nadia", "preferred_channel": "phone"}
    return fields | {"language": "en"} | given


def test_a_contact_is_added(as_agent, account):
    assert as_agent.get(url("contact-new", account.pk)).status_code == 200

    response = as_agent.post(url("contact-new", account.pk), person(phone="0161 496 0142"))

    contact = Contact.objects.get()
    assert response.url == account.get_absolute_url()
    assert (contact.phone, contact.is_primary) == ("+441614960142", True)
    assert messages_of(response) == ["Contact added."]


def test_a_contact_sent_twice_is_one(as_agent, account):
    sent = person()

    for _ in range(2):
        assert as_agent.post(url("contact-new", account.pk), sent).status_code == 302

    assert Contact.objects.count() == 1


def test_a_wrong_contact_comes_back_as_typed(as_agent, account):
    response = as_agent.post(url("contact-new", account.pk), person(phone="ask Colin"))

    assert response.status_code == 422
    assert said(response, 'value="ask Colin"')
    assert said(response, "as +44 161 496 0142.")


def test_a_contact_key_of_another_form_asks_for_a_new_page(as_agent, agent, account):
    key = FormKeyFactory(user=agent, purpose="something else").key

    response = as_agent.post(url("contact-new", account.pk), person(key=key))

    assert response.status_code == 422
    assert said(response, "Load the page again and start anew.")


def test_a_mark_that_stays_elsewhere_is_said(as_agent, account, private_account):
    IdentityFactory(account=AccountFactory(name="Bramley & Vine"), value="a@customer.example")
    IdentityFactory(account=private_account, kind="phone", value="+441614960142")

    response = as_agent.post(
        url("contact-new", account.pk),
        person(email="a@customer.example", phone="+441614960142"),
    )

    assert messages_of(response) == [
        "a@customer.example stays the mark of Bramley & Vine.",
        "+441614960142 stays the mark of another customer.",
        "Contact added.",
    ]


def test_a_contact_is_corrected(as_agent, account):
    contact = ContactFactory(account=account)
    page = as_agent.get(url("contact-edit", account.pk, contact.pk))
    assert said(page, url("permission", account.pk, contact.pk))

    response = as_agent.post(
        url("contact-edit", account.pk, contact.pk), person(name="Colin", is_primary="on")
    )

    contact.refresh_from_db()
    assert response.url == account.get_absolute_url()
    assert (contact.name, contact.is_primary) == ("Colin", True)
    assert messages_of(response) == ["Contact saved."]


def test_a_wrong_correction_of_a_contact_comes_back(as_agent, account):
    contact = ContactFactory(account=account, name="Colin Frayne")

    response = as_agent.post(url("contact-edit", account.pk, contact.pk), person(name=""))

    assert response.status_code == 422
    assert said(response, "Error: Colin Frayne")


def test_a_contact_of_another_customer_is_not_there(as_agent, account):
    contact = ContactFactory()

    for name in ("contact-edit", "permission"):
        assert as_agent.get(url(name, account.pk, contact.pk)).status_code == 404


def test_a_permission_is_written_down(as_agent, account, agent):
    contact = ContactFactory(account=account)
    page = as_agent.get(url("permission", account.pk, contact.pk))
    sent = {
        "channel": "sms",
        "is_given": "no",
        "source": "On a call",
        "said_on": page.context["form"].initial["said_on"],
    }

    response = as_agent.post(url("permission", account.pk, contact.pk), sent)

    row = ContactPermission.objects.get()
    assert response.url == account.get_absolute_url()
    assert (row.channel, row.is_given, row.recorded_by) == ("sms", False, agent)
    assert messages_of(response) == ["Permission saved."]


def test_a_wrong_permission_comes_back(as_agent, account):
    contact = ContactFactory(account=account)

    response = as_agent.post(
        url("permission", account.pk, contact.pk), {"source": "On a call", "said_on": "2020-01-01"}
    )

    assert response.status_code == 422
    assert said(response, 'value="On a call"')
    assert not ContactPermission.objects.exists()

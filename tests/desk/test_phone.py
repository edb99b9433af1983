import pytest
from django.urls import reverse

from apps.accounts.models import Account, Contact
from apps.history.models import Event
from tests.factories.accounts import (
    AccountFactory,
    BlockedIdentityFactory,
    ContactFactory,
    IdentityFactory,
)
from tests.factories.saves import SaveCaseFactory
from tests.factories.users import TeamFactory, make_person
from tests.factories.workspace import WorkspaceFactory
from tests.writes import watch_writes

NADIAS = "+441614960142"


@pytest.fixture
def nadia(account):
    ContactFactory(account=account, name="Colin Frayne", is_primary=True)
    return ContactFactory(account=account, name="Dr Nadia Rahman", phone=NADIAS, title="Owner")


@pytest.fixture
def ring(as_agent):
    """Open the page as a phone system does: `ring("+44…")`."""
    return lambda number, **more: as_agent.get("/phone/", {"phone": number, **more})


def save_page(account, contact=None):
    url = reverse("saves:new", args=[account.pk])
    return f"{url}?contact={contact.pk}" if contact else url


def listed(response):
    return [(each.name, each.person) for each in response.context["callers"]]


@pytest.mark.parametrize(
    "number",
    [
        NADIAS,
        " 441614960142",  # a plus that nobody escaped
        "441614960142",
        "00441614960142",
        "0161 496 0142",
        "tel:+44-161-496-0142",
        "sip:+441614960142@pbx.example:5060;user=phone",
    ],
)
def test_a_known_number_opens_the_save_page_with_the_person(ring, account, nadia, number):
    response = ring(number)

    assert (response.status_code, response.url) == (302, save_page(account, nadia))


def test_the_save_page_has_the_person_chosen(ring, as_agent, nadia):
    page = as_agent.get(ring(NADIAS).url).content.decode()

    assert f'<option value="{nadia.pk}" selected>Dr Nadia Rahman, Owner</option>' in page


def test_a_link_that_names_somebody_elses_person_chooses_the_first_to_call(as_agent, account):
    first = ContactFactory(account=account, name="Colin Frayne", title="", is_primary=True)
    stranger = ContactFactory()

    page = as_agent.get(save_page(account, stranger)).content.decode()

    assert f'<option value="{first.pk}" selected>Colin Frayne</option>' in page


def test_numbers_without_a_country_are_of_the_reader(client, nadia):
    american = make_person("agent", team=TeamFactory(time_zone="America/New_York"))
    client.force_login(american)
    person = ContactFactory(phone="+12125550123")

    response = client.get("/phone/", {"phone": "(212) 555-0123"})

    assert response.url == save_page(person.account, person)


def test_of_somebody_without_a_team_it_is_their_own_zone(client, db):
    WorkspaceFactory(currency="USD")
    client.force_login(make_person("agent", team=None, time_zone="UTC"))
    person = ContactFactory(phone="+12125550123")

    assert client.get("/phone/", {"phone": "2125550123"}).url == save_page(person.account, person)


def test_a_customer_may_be_known_by_a_number_without_a_person(ring, account):
    IdentityFactory(account=account, kind="phone", value=NADIAS)

    assert ring(NADIAS).url == save_page(account)


def test_two_people_of_one_customer_are_one_customer(ring, account, nadia):
    ContactFactory(account=account, name="Zoe", phone=NADIAS)
    IdentityFactory(account=account, contact=nadia, kind="phone", value=NADIAS)

    assert ring(NADIAS).url == save_page(account, nadia)


def test_a_person_of_two_customers_is_asked_which(ring, account, nadia, now):
    other = AccountFactory(name="Cobalt Climbing", plan="Studio", stage="test_drive")
    twin = ContactFactory(account=other, name="Dr Nadia Rahman", phone=NADIAS)
    SaveCaseFactory(account=other, outcome="left", leaves_on=now.date(), opened_at=now)

    response = ring(NADIAS)

    # Whoever called last is on top.
    assert listed(response) == [
        ("Cobalt Climbing", "Dr Nadia Rahman"),
        ("Larkspur Dental", "Dr Nadia Rahman"),
    ]
    page = response.content.decode()
    for text in (save_page(other, twin), save_page(account, nadia), "Studio", "Test drive"):
        assert text in page
    assert "Last save call" in page
    assert ": Left." in page
    assert "They have never asked to leave." in page
    assert 'data-key="2"' in page


def test_more_than_there_are_keys_for_are_a_search_away(ring, db):
    for _ in range(10):
        ContactFactory(phone=NADIAS)

    response = ring(NADIAS)

    assert len(listed(response)) == 9
    assert "All customers with this number" in response.content.decode()


def test_somebody_else_may_have_the_phone_in_their_hand(ring, account, nadia):
    page = ring(NADIAS, q="").content.decode()

    assert "Somebody else" in page
    assert "No customer is known by this number." not in page


def test_an_unknown_caller_can_be_added(ring, account):
    response = ring("0161 496 0999", q="larkspur")

    page = response.content.decode()
    assert "Unknown caller" in page
    assert "No customer is known by this number." in page
    assert "+44 161 496 0999" in page
    assert f"{reverse('accounts:new')}?phone=%2B441614960999" in page
    assert f"{reverse('accounts:contact-new', args=[account.pk])}?phone=%2B441614960999" in page
    assert save_page(account) in page


def test_nobody_found_to_add_them_to_says_what_to_try(ring, db):
    assert "No customer matches “zzzz”" in ring(NADIAS, q="zzzz").content.decode()


@pytest.mark.parametrize("number", ["anonymous", "1001", "sip:1001@pbx.example", "", "<b>"])
def test_what_is_no_number_is_said_with_a_field(ring, db, number):
    response = ring(number)

    assert response.status_code == 200
    assert 'name="phone"' in response.content.decode()
    assert "<b>" not in response.content.decode()


def test_a_number_that_many_share_tells_nobody(ring, nadia):
    BlockedIdentityFactory(kind="phone", normalised=NADIAS)

    page = ring(NADIAS).content.decode()

    assert "Many people share this number" in page
    assert "Nadia" not in page


def test_who_is_gone_or_hidden_does_not_call(ring, private_account, now):
    gone = {"removed_at": now}
    ContactFactory(account=private_account, phone=NADIAS)
    IdentityFactory(account=private_account, kind="phone", value=NADIAS)
    ContactFactory(account=AccountFactory(**gone), phone=NADIAS)
    ContactFactory(phone=NADIAS, **gone)

    page = ring(NADIAS).content.decode()

    assert "No customer is known by this number." in page


def test_a_number_of_somebody_who_went_still_finds_the_customer(ring, account, nadia, now):
    IdentityFactory(account=account, contact=nadia, kind="phone", value=NADIAS)
    Contact.objects.filter(pk=nadia.pk).update(removed_at=now)

    assert ring(NADIAS).url == save_page(account)


def test_a_record_that_was_merged_stands_for_the_one_that_stays(ring, account):
    part = AccountFactory(merged_into=account)
    IdentityFactory(account=part, kind="phone", value=NADIAS)

    assert ring(NADIAS).url == save_page(account)


def test_the_likeliest_reading_of_a_number_counts(ring, account):
    at_home = ContactFactory(account=account, phone="+444961496014")
    ContactFactory(phone="+4961496014")

    assert ring("4961496014").url == save_page(account, at_home)


def test_looking_up_writes_nothing_and_asks_little(
    ring, nadia, django_assert_max_num_queries, django_capture_on_commit_callbacks
):
    with watch_writes() as written, django_assert_max_num_queries(5):
        ring(NADIAS)
        # signed-in person and session, workspace, shared numbers, callers

    assert written == set()


def test_today_sends_a_phone_system_on(as_agent, db):
    response = as_agent.get("/", {"phone": NADIAS})

    assert response.url == "/phone/?phone=%2B441614960142"


def test_signing_in_first_leads_back_to_the_caller(client, db):
    response = client.get("/phone/", {"phone": NADIAS})

    assert response.url.endswith("?next=/phone/%3Fphone%3D%252B441614960142")


# --- writing down who called


def contact(**given):
    return {"name": "Dr Nadia Rahman", "preferred_channel": "phone", "language": "en", **given}


def test_a_new_person_is_written_down_and_their_call_opens(as_agent, account):
    url = f"{reverse('accounts:contact-new', args=[account.pk])}?phone=%2B441614960142"
    page = as_agent.get(url)
    assert f'value="{NADIAS}"' in page.content.decode()
    assert "Calling from +44 161 496 0142." in page.content.decode()
    key = page.context["form"].initial["key"]

    for _ in range(2):
        response = as_agent.post(url, contact(key=key, phone=NADIAS))

    assert response.url == save_page(account, Contact.objects.get())


def test_a_new_customer_is_followed_by_their_person(as_agent, db):
    url = f"{reverse('accounts:new')}?phone=%2B441614960142"
    page = as_agent.get(url)
    assert "Next you add the person who calls." in page.content.decode()
    details = {
        "key": page.context["form"].initial["key"],
        "name": "Bramley & Vine",
        "reference": "BV-1",
        "stage": "lead",
        "mrr": "0",
        "currency": "GBP",
        "time_zone": "Europe/London",
    }

    for _ in range(2):
        response = as_agent.post(url, details)

    made = Account.objects.get()
    person = reverse("accounts:contact-new", args=[made.pk])
    assert response.url == f"{person}?phone=%2B441614960142"
    assert Event.objects.filter(kind="accounts.created").count() == 1

from datetime import timedelta

import pytest

from tests.factories.accounts import AccountFactory, ContactFactory
from tests.factories.saves import SaveCaseFactory


@pytest.fixture
def nadia(account):
    ContactFactory(account=account, name="Colin Frayne", is_primary=True)
    return ContactFactory(account=account, name="Dr Nadia Rahman", phone="+441614960142", email="")


def found(response):
    return [(each.name, each.person) for each in response.context["callers"]]


def test_today_asks_who_is_calling(as_agent):
    page = as_agent.get("/").content.decode()

    assert "Who’s calling?" in page
    assert "No calls yet" in page


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("nadia", "Dr Nadia Rahman"),
        ("0161 496 0142", "Dr Nadia Rahman"),
        ("larkspur", "Colin Frayne"),
        ("la", "Colin Frayne"),
    ],
)
def test_the_answer_names_the_person_who_matched(as_agent, nadia, text, who):
    assert found(as_agent.get("/", {"q": text})) == [("Larkspur Dental", who)]


def test_a_customer_without_people_is_found_too(as_agent, account):
    response = as_agent.get("/", {"q": "larkspur"})

    assert found(response) == [("Larkspur Dental", None)]
    assert "LD-20418" in response.content.decode()


def test_nobody_found_says_what_to_try(as_agent):
    page = as_agent.get("/", {"q": "zzzz<b>"}).content.decode()

    assert "No customer matches “zzzz&lt;b&gt;”" in page


def test_customers_of_a_private_team_do_not_call(as_agent, private_account):
    assert found(as_agent.get("/", {"q": "hushed"})) == []


def test_typing_swaps_only_the_answers(as_agent, nadia, htmx):
    page = as_agent.get("/", {"q": "nadia"}, headers=htmx("caller-results")).content.decode()

    assert page.lstrip().startswith('<div id="caller-results"')


def test_on_the_way_to_a_save_an_answer_opens_the_save_page(as_agent, nadia, account, htmx):
    url = f"/customers/{account.pk}/saves/new/"
    query = {"q": "nadia", "for": "save"}

    page = as_agent.get("/", query).content.decode()
    fragment = as_agent.get("/", query, headers=htmx("caller-results")).content.decode()

    assert "Whose call is it?" in page
    assert f'href="{url}"' in page
    assert f'data-href="{url}"' in fragment


def test_my_latest_calls_are_listed_with_their_call_backs(as_agent, agent, manager, account, now):
    for outcome in ({"outcome": "stayed"}, {"outcome": "left", "leaves_on": now.date()}):
        SaveCaseFactory(account=account, agent=agent, **outcome)
    SaveCaseFactory(
        account=account, agent=agent, outcome="undecided", call_back_at=now + timedelta(days=1)
    )
    SaveCaseFactory(account=AccountFactory(name="Somebody Else"), agent=manager)

    page = as_agent.get("/").content.decode()

    assert page.count(account.name) >= 3
    assert "Call back" in page
    assert "Somebody Else" not in page


def test_the_queries_do_not_grow_with_the_callers(
    as_agent, agent, nadia, django_assert_max_num_queries
):
    for _ in range(3):
        account = AccountFactory(name="Larkspur Vets")
        ContactFactory(account=account)
        SaveCaseFactory(account=account, agent=agent)

    with django_assert_max_num_queries(9):
        as_agent.get("/", {"q": "larkspur"})

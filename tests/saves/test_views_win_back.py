"""The page on which people write what would bring back a customer who left."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.urls import reverse

from apps.accounts import actions as accounts
from apps.saves.actions import win_back
from apps.saves.models import WinBack
from apps.saves.queries import win_backs
from tests.accounts.asking import messages_of
from tests.factories.accounts import AccountFactory
from tests.factories.saves import SaveCaseFactory, WinBackFactory
from tests.factories.users import make_person
from tests.factories.workspace import SavedViewFactory

LEFT = date(2026, 5, 22)
FIELDS = (*win_backs.WORDS, "next_on")


@pytest.fixture(autouse=True)
def today(now):
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def gone(account):
    account.started_on, account.churned_on = date(2024, 1, 15), LEFT
    account.save()
    return account


@pytest.fixture
def url(account):
    return reverse("saves:win-back", args=[account.pk])


@pytest.fixture
def call(gone):
    return SaveCaseFactory(
        account=gone,
        outcome="left",
        leaves_on=LEFT,
        verbatim="Two chairs stand empty.",
        opened_at=datetime(2026, 4, 22, 10, tzinfo=UTC),
    )


@pytest.fixture
def planned(gone, call):
    return WinBackFactory(
        account=gone, case=call, not_before=date(2026, 6, 21), blocker="Price\nToo dear."
    )


def opened(client, url):
    """What a browser would send back untouched, line ends included."""
    form = client.get(url).context["form"]
    words = {name: form[name].value() for name in (*FIELDS, "version", "opened")}
    words |= {"next_on": words["next_on"] or ""}
    return {name: str(value).replace("\n", "\r\n") for name, value in words.items()}


def test_the_page_shows_what_is_known(as_agent, url, planned):
    page = as_agent.get(url).content.decode()

    assert "Since they left" in page
    assert "Too dear." in page
    assert "Two chairs stand empty." in page
    assert "No offers before Sun 21 June: they asked to go on Wed 22 April." in page


def test_a_plan_is_saved_without_scripts(as_agent, url, gone, planned, agent):
    typed = opened(as_agent, url) | {"what_changed": "The old\r\nprice.", "next_on": "2026-06-25"}

    response = as_agent.post(url, typed)

    assert (response.status_code, response.url) == (302, gone.get_absolute_url())
    assert messages_of(response) == ["Win-back saved."]
    planned.refresh_from_db()
    assert (planned.what_changed, planned.next_on) == ("The old\nprice.", date(2026, 6, 25))
    assert planned.blocker == "Price\nToo dear."
    assert planned.changed_by == agent


def test_the_customer_page_shows_the_plan_and_what_is_left_to_find_out(
    as_agent, gone, planned, agent, now
):
    win_back.plan(gone, by=agent, at=now, path_to_value="One chair less.")

    page = as_agent.get(gone.get_absolute_url()).content.decode()

    assert "Since they left" in page
    assert "No offers before Sun 21 June: they asked to go on Wed 22 April." in page
    assert "One chair less." in page
    assert "Nothing yet" in page
    assert f'href="{gone.get_absolute_url()}win-back/"' in page
    assert "Win-back planned" in page


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"next_on": date(2026, 6, 8)}, "planned for yesterday"),
        ({"not_before": date(2026, 6, 9)}, "Win-back may start"),
        ({"next_on": date(2026, 6, 12)}, "Next step Fri 12 June"),
        ({"ended": "rested", "closed_at": "2026-06-01T10:00Z"}, "Left in peace."),
    ],
)
def test_the_customer_page_says_where_it_stands(as_agent, gone, call, fields, said):
    WinBackFactory(account=gone, case=call, **({"not_before": date(2026, 6, 1)} | fields))

    assert said in as_agent.get(gone.get_absolute_url()).content.decode()


def test_who_left_without_a_call_can_be_planned_for(as_agent, url, gone):
    page = as_agent.get(gone.get_absolute_url()).content.decode()
    assert "Nobody has written down what would bring them back." in page
    assert "Plan a win-back" in page

    as_agent.post(url, opened(as_agent, url) | {"blocker": "They moved."})

    row = WinBack.objects.get()
    assert (row.account, row.case, row.blocker) == (gone, None, "They moved.")
    assert row.not_before == date(2026, 6, 21)
    page = as_agent.get(gone.get_absolute_url()).content.decode()
    assert "No offers before Sun 21 June: their last day was Fri 22 May." in page


def test_who_leaves_soon_is_spoken_of_as_a_customer(as_agent, url, gone, planned):
    gone.churned_on = date(2026, 6, 30)
    gone.save()

    assert "Before they leave" in as_agent.get(gone.get_absolute_url()).content.decode()
    assert "Leaves Tue 30 June" in as_agent.get(url).content.decode()


def test_there_is_no_plan_for_a_customer(as_agent, url, account):
    response = as_agent.get(url)

    assert response.url == account.get_absolute_url()
    assert messages_of(response) == ["Larkspur Dental is a customer: there is nobody to win back."]
    assert "win-back" not in as_agent.get(account.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"next_on": "2026-06-08"}, "Choose today or a later day."),
        ({"next_on": "2026-06-20"}, "Nobody asks them before Sun 21 June. Choose that day or a"),
        ({"next_on": "soon"}, "Choose a day, or leave it empty."),
        ({"what_changed": "x" * 1001}, "Shorten this to 1000 characters; it has 1001."),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(as_agent, url, planned, typed, said):
    typed = opened(as_agent, url) | {"path_to_value": "One chair less."} | typed

    response = as_agent.post(url, typed)

    assert response.status_code == 422
    page = response.content.decode()
    assert said in page
    assert "One chair less." in page
    planned.refresh_from_db()
    assert planned.version == 1


def test_lines_are_counted_once(as_agent, url, planned):
    typed = opened(as_agent, url) | {"what_changed": "\r\n".join(["x" * 99] * 10)}

    assert as_agent.post(url, typed).status_code == 302


def test_a_day_that_was_chosen_before_may_be_over(as_agent, url, planned):
    WinBack.objects.update(next_on=date(2026, 6, 1))
    typed = opened(as_agent, url) | {"still_uncertain": "Whether they kept their data."}

    assert as_agent.post(url, typed).status_code == 302


def test_who_is_slower_sees_what_the_faster_one_saved(as_agent, url, gone, planned, team, now):
    typed = opened(as_agent, url) | {"what_changed": "Mine.", "next_on": "2026-06-25"}
    ben = make_person("agent", name="Ben Okoro", team=team)
    win_back.plan(gone, by=ben, at=now, what_changed="Ben’s.", path_to_value="One chair.")

    response = as_agent.post(url, typed)

    assert response.status_code == 409
    page = response.content.decode()
    assert "Ben Okoro changed this while you were typing" in page
    form = response.context["form"]
    assert [form.data[name] for name in ("what_changed", "path_to_value", "next_on")] == [
        *("Mine.", "One chair.", "2026-06-25"),
    ]
    again = {name: form.data[name] for name in (*FIELDS, "version", "opened")}
    response = as_agent.post(url, again | {"keep_what_changed": "mine"})
    assert response.status_code == 302
    planned.refresh_from_db()
    assert (planned.what_changed, planned.path_to_value) == ("Mine.", "One chair.")
    assert planned.next_on == date(2026, 6, 25)


def test_two_who_begin_a_plan_at_once_make_one(as_agent, url, gone, team, now):
    typed = opened(as_agent, url) | {"blocker": "Mine.", "next_on": "2026-06-25"}
    ben = make_person("agent", name="Ben Okoro", team=team)
    win_back.plan(gone, by=ben, at=now, blocker="Ben’s.")

    response = as_agent.post(url, typed)

    assert response.status_code == 409
    assert [field.name for field in response.context["form"].questions()] == ["keep_blocker"]
    assert WinBack.objects.get().blocker == "Ben’s."


def test_a_form_for_a_plan_that_ended_asks_about_the_new_one(as_agent, url, gone, planned, now):
    typed = opened(as_agent, url) | {"what_changed": "Mine."}
    WinBack.objects.update(ended="returned", closed_at=now)
    WinBackFactory(account=gone, what_changed="Theirs.")  # they came back and left again

    response = as_agent.post(url, typed)

    assert response.status_code == 409
    assert "keep_what_changed" in response.context["form"].fields


def test_nobody_is_asked_about_again_who_is_left_in_peace(as_agent, url, gone, planned):
    typed = opened(as_agent, url) | {"blocker": "They retire.", "rest": "yes"}

    response = as_agent.post(url, typed)

    assert messages_of(response) == ["Left in peace."]
    planned.refresh_from_db()
    assert (planned.ended, planned.blocker) == ("rested", "They retire.")
    page = as_agent.get(url).content.decode()
    assert "Save to take it up again." in page
    assert 'name="rest"' not in page
    page = as_agent.get(gone.get_absolute_url()).content.decode()
    assert page.count("Left in peace") > 1
    assert "No offers before" in page  # a promise of its own

    as_agent.post(url, opened(as_agent, url))

    planned.refresh_from_db()
    assert planned.ended == ""


# --- Gone meanwhile -----------------------------------------------------------------


def test_what_was_typed_is_shown_when_they_came_back_meanwhile(
    as_agent, url, gone, planned, manager, now
):
    typed = opened(as_agent, url) | {"what_changed": "The old price."}
    accounts.withdraw_churn(gone, by=manager, at=now)

    response = as_agent.post(url, typed)

    assert response.status_code == 410
    page = response.content.decode()
    assert "there is nobody to win back" in page
    assert "The old price." in page
    assert "Too dear." not in page  # which nobody typed
    assert f'href="{gone.get_absolute_url()}"' in page


def test_what_was_typed_is_shown_when_they_were_removed_meanwhile(
    as_agent, url, gone, manager, now
):
    typed = opened(as_agent, url) | {"what_changed": "The old price."}
    accounts.remove_account(gone, reason="Twice", by=manager, at=now)

    response = as_agent.post(url, typed)

    assert response.status_code == 410
    assert "The old price." in response.content.decode()
    assert as_agent.get(url).status_code == 404


def test_a_record_that_was_merged_meanwhile_is_followed(as_agent, url, gone, planned, team):
    typed = opened(as_agent, url) | {"what_changed": "The old price."}
    kept = AccountFactory(name="Larkspur Ltd", team=team, churned_on=LEFT)
    gone.merged_into = kept
    gone.save()

    response = as_agent.post(url, typed)

    assert response.url == kept.get_absolute_url()
    planned.refresh_from_db()
    assert planned.what_changed == "The old price."
    assert as_agent.get(url).url == kept.get_absolute_url()


def test_other_teams_private_customers_are_not_there(as_agent, private_account):
    private_account.churned_on = LEFT
    private_account.save()
    url = reverse("saves:win-back", args=[private_account.pk])

    assert as_agent.get(url).status_code == 404
    assert as_agent.post(url, {}).status_code == 404


def test_showing_the_page_writes_nothing(as_agent, url, planned, django_assert_max_num_queries):
    with django_assert_max_num_queries(11) as asked:
        as_agent.get(url)

    assert [q for q in asked if q["sql"].startswith(("INSERT", "UPDATE", "DELETE"))] == []


# --- The list of customers ----------------------------------------------------------


@pytest.fixture
def names(as_agent):
    def names(query):
        return [row.name for row in as_agent.get(f"/customers/?{query}").context["listing"].rows]

    return names


def test_the_list_is_narrowed_to_those_who_may_be_asked_again(names, gone, team, agent):
    WinBackFactory(account=gone, not_before=date(2026, 6, 9))
    later = AccountFactory(name="Later", team=team, churned_on=LEFT)
    WinBackFactory(account=later, not_before=date(2026, 6, 10))
    back = AccountFactory(name="Back", team=team)
    WinBackFactory(account=back, not_before=date(2026, 6, 1))
    part = AccountFactory(merged_into=AccountFactory(name="Kept", team=team, churned_on=LEFT))
    WinBackFactory(account=part, not_before=date(2026, 6, 1))

    assert names("win_back=due") == ["Kept", "Larkspur Dental"]
    assert names("win_back=waiting") == ["Later"]
    assert "Later" in names("view=all")


def test_a_view_of_those_who_may_be_asked_again_is_kept(as_agent, agent, gone):
    view = SavedViewFactory(owner=agent, query="win_back=due", name="Ask again")

    page = as_agent.get(f"/customers/views/{view.pk}/", follow=True).content.decode()

    assert "Win-back may start" in page


def test_the_history_says_what_was_written_before_and_after(as_agent, gone, planned, agent, now):
    plan = {"by": agent, "at": now}
    win_back.plan(gone, what_changed="The old price.", next_on=date(2026, 6, 25), **plan)
    win_back.plan(gone, what_changed="", next_on=date(2026, 7, 2), **plan)

    page = " ".join(as_agent.get(gone.get_absolute_url()).content.decode().split())

    assert "<dd>The old price.</dd>" in page
    assert '<span class="muted">Removed</span><small class="own-line muted">was The old' in page
    assert 'Thu 2 July<small class="own-line muted">was Thu 25 June</small>' in page

"""Changing many customers at once, as pages."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from apps.accounts import actions as accounts
from apps.accounts.models import Account
from apps.workspace.actions import bulk
from apps.workspace.models import BulkChange, BulkRow, SavedView
from tests.factories.accounts import AccountFactory
from tests.factories.workspace import BulkChangeFactory, BulkRowFactory, SavedViewFactory

LIST = "/customers/"
BULK = "/customers/bulk/"


def says(response):
    """Return what a page says, without markup."""
    return response.content.decode()


def begin(client, do="accounts.owner", **asked):
    """Send the list with ticked rows; returns the answer."""
    return client.post(BULK, {"do": do, "key": uuid.uuid4(), **asked})


def preview(client, do="accounts.owner", **asked):
    """Return the change that ticked rows make."""
    begin(client, do, **asked)
    return BulkChange.objects.latest("pk")


def url(change, *more):
    return "/".join([f"{BULK}{change.pk}", *more, ""])


def shown(change):
    """Return what the form that confirms a change sends."""
    return {"shown": BulkChange.objects.get(pk=change.pk).shown}


def test_ticked_customers_get_an_owner_and_people_go_on_with_their_list(
    as_manager, account, manager
):
    other = AccountFactory(name="Zenith")
    response = begin(
        as_manager, pick=[account.pk, other.pk, "x", "9" * 30], question="tier=standard"
    )
    change = BulkChange.objects.get()
    assert response.url == f"{url(change)}?back=tier%3Dstandard"
    page = says(as_manager.get(response.url))
    assert "2 customers" in page
    assert "Larkspur Dental" in page
    assert page.count(" autofocus") == 1

    chosen = as_manager.post(response.url, {"owner": manager.pk})
    assert chosen.url == response.url
    page = says(as_manager.get(chosen.url))
    assert "Assign to Max Brandt" in page
    assert "Change 2 customers" in page
    to = f"{url(change, 'confirm')}?back=tier%3Dstandard"
    answer = as_manager.post(to, shown(change), follow=True)

    assert answer.redirect_chain == [("/customers/?tier=standard", 302)]
    assert "2 customers changed." in says(answer)
    assert f'<a href="{url(change)}?back=tier%3Dstandard">Results and undo</a>' in says(answer)
    assert set(Account.objects.values_list("owner", flat=True)) == {manager.pk}


def test_all_that_match_are_meant_beyond_the_page(as_manager, team, now):
    for number in range(30):
        AccountFactory(name=f"Match {number:02}", tier="high", team=team)
    AccountFactory(name="Other", tier="standard")

    change = preview(as_manager, all="1", question="tier=high&sort=-mrr")

    assert change.total == 30
    page = says(as_manager.get(url(change)))
    assert "Match 09" in page
    assert "Match 10" not in page
    assert "and 20 more" in page


def test_the_words_of_a_search_are_meant_too(as_manager, account):
    AccountFactory(name="Zenith")

    change = preview(as_manager, all="1", question="q=larkspur")

    assert list(change.rows.values_list("label", flat=True)) == ["Larkspur Dental"]


def test_the_preview_says_who_would_be_skipped(as_manager, account, agent):
    AccountFactory(name="Zenith")
    change = preview(as_manager, all="1")
    as_manager.post(url(change), {"owner": agent.pk})

    page = says(as_manager.get(url(change)))

    assert "Some will stay as they are." in page
    assert "1 customer has this owner already." in page
    assert "Change 1 customer<" in page
    again = says(as_manager.get(f"{url(change)}?again=1"))
    assert "New owner" in again
    Account.objects.update(owner=agent)
    page = says(as_manager.get(url(change)))
    assert "Nobody would be changed." in page
    assert "data-submit" not in page


def test_a_value_has_to_be_chosen(as_manager, account):
    for do, wrong, text in [
        ("accounts.owner", {"owner": ""}, "Choose an owner."),
        ("accounts.team", {"team": ""}, "Choose a team."),
        ("accounts.stage", {"stage": "churn", "reason": " "}, "Write why, in a sentence."),
        ("accounts.pick", {"view": "", "name": ""}, "Choose a view, or name a new one."),
        ("accounts.pick", {"view": "99", "name": ""}, "Select a valid choice."),
    ]:
        change = preview(as_manager, do, pick=[account.pk])
        response = as_manager.post(url(change), wrong)
        assert response.status_code == 422
        assert text in says(response)
        # Confirmed without a choice, nothing happens.
        assert as_manager.post(url(change, "confirm")).url == url(change)
        change.refresh_from_db()
        assert (change.state, change.arguments) == ("preview", {})


@pytest.mark.parametrize(
    ("do", "field", "label", "column"),
    [
        ("accounts.owner", "owner", "Take the owner away", "owner"),
        ("accounts.team", "team", "Take the team away", "team"),
    ],
)
def test_nobody_and_no_team_can_be_chosen(as_manager, account, do, field, label, column):
    change = preview(as_manager, do, pick=[account.pk])
    as_manager.post(url(change), {field: "none"})
    as_manager.post(url(change, "confirm"), shown(change))

    account.refresh_from_db()
    change.refresh_from_db()
    assert (getattr(account, column), change.label) == (None, label)


def test_a_team_and_a_stage_are_chosen(as_manager, account, team, private_team):
    Account.objects.update(team=None)
    to_team = preview(as_manager, "accounts.team", pick=[account.pk])
    assert "Discreet" not in says(as_manager.get(url(to_team)))
    as_manager.post(url(to_team), {"team": team.pk})
    as_manager.post(url(to_team, "confirm"), shown(to_team))
    to_stage = preview(as_manager, "accounts.stage", pick=[account.pk])
    as_manager.post(url(to_stage), {"stage": "churn", "reason": "Closed down"})
    as_manager.post(url(to_stage, "confirm"), shown(to_stage))

    account.refresh_from_db()
    assert (account.team, account.stage) == (team, "churn")
    labels = BulkChange.objects.order_by("pk").values_list("label", flat=True)
    assert list(labels) == ["Give to team Northern", "Set the stage to Churn"]


def test_an_agent_fills_a_view_but_changes_no_owner(as_agent, agent, account):
    assert begin(as_agent, pick=[account.pk]).status_code == 403
    assert BulkChange.objects.count() == 0

    change = preview(as_agent, "accounts.pick", pick=[account.pk])
    for _ in range(2):
        as_agent.post(url(change), {"view": "", "name": "Call before June"})
    as_agent.post(url(change, "confirm"), shown(change))

    view = SavedView.objects.get()
    assert (view.name, view.owner, view.is_picked) == ("Call before June", agent, True)
    assert view.picks.get().subject_id == account.pk
    again = preview(as_agent, "accounts.pick", pick=[account.pk])
    as_agent.post(url(again), {"view": view.pk})
    again.refresh_from_db()
    assert again.label == "Put into “Call before June”"


def test_a_new_view_needs_a_name_of_its_own(as_agent, agent, account):
    SavedViewFactory(name="June", owner=agent)
    change = preview(as_agent, "accounts.pick", pick=[account.pk])

    response = as_agent.post(url(change), {"view": "", "name": "june"})

    assert response.status_code == 422
    assert SavedView.objects.count() == 1


@pytest.mark.parametrize(
    ("asked", "text"),
    [
        ({}, "Tick the customers first"),
        ({"pick": ["1"], "do": "accounts.everything"}, "out of date"),
        ({"pick": ["1"], "key": "x"}, "out of date"),
        ({"pick": ["1"], "question": "colour=red"}, "out of date"),
    ],
)
def test_a_list_that_is_not_ours_is_refused(as_manager, asked, text):
    response = as_manager.post(BULK, {"do": "accounts.owner", "key": uuid.uuid4(), **asked})

    assert response.status_code == 422
    assert text in says(response)
    assert "/customers/?" in says(response)
    assert BulkChange.objects.count() == 0


def test_rows_that_are_gone_leave_nothing_to_do(as_manager, private_account):
    change = preview(as_manager, pick=[private_account.pk])

    assert "None of these customers is there any more." in says(as_manager.get(url(change)))


def confirmed_in_another_tab(client, change, agent, manager):
    """Choose the manager, then, in another tab, the agent; return what the first tab sends."""
    client.post(url(change), {"owner": manager.pk})
    first = shown(change)
    assert f'name="shown" value="{first["shown"]}"' in says(client.get(url(change)))
    client.post(url(change), {"owner": agent.pk})
    return first


def test_what_was_not_shown_is_not_done(as_manager, account, agent, manager):
    Account.objects.update(owner=None)
    change = preview(as_manager, pick=[account.pk])
    first = confirmed_in_another_tab(as_manager, change, agent, manager)

    for sent in (first, {}):
        answer = as_manager.post(url(change, "confirm"), sent)

        assert answer.status_code == 409
        assert "Something else was chosen meanwhile" in says(answer)
        assert '<h1 tabindex="-1">Assign to Ada Lovett</h1>' in says(answer)
        change.refresh_from_db()
        account.refresh_from_db()
        assert (change.state, account.owner) == ("preview", None)

    assert shown(change)["shown"] in says(answer)
    as_manager.post(url(change, "confirm"), shown(change))
    account.refresh_from_db()
    assert account.owner == agent


def test_what_another_tab_confirmed_is_not_taken_for_ones_own(as_manager, account, agent, manager):
    Account.objects.update(owner=None)
    change = preview(as_manager, pick=[account.pk])
    first = confirmed_in_another_tab(as_manager, change, agent, manager)
    as_manager.post(url(change, "confirm"), shown(change))

    answer = as_manager.post(url(change, "confirm"), first)

    assert answer.status_code == 409
    assert "What you confirmed was not done" in says(answer)
    assert "1 changed, 0 skipped, 0 failed" in says(answer)


# --- the list -----------------------------------------------------------------


def test_the_list_can_be_ticked_and_offers_what_somebody_may(as_manager, account, htmx):
    page = says(as_manager.get(f"{LIST}?tier=standard&sort=-mrr"))

    assert f'name="pick" value="{account.pk}" aria-label="Select Larkspur Dental"' in page
    assert 'name="question" value="tier=standard&amp;sort=-mrr"' in page
    assert "All 1 that match" in page
    for kind in ("owner", "team", "stage", "pick"):
        assert f'name="do" value="accounts.{kind}"' in page
    assert "data-pick-all" in says(as_manager.get(LIST, headers=htmx("list")))


def test_an_agent_is_offered_the_views_alone(as_agent, account):
    page = says(as_agent.get(f"{LIST}?view=all"))

    assert 'value="accounts.pick"' in page
    assert 'value="accounts.owner"' not in page
    assert "data-assign" not in page


# --- progress and results -----------------------------------------------------


@pytest.fixture
def long_change(as_manager, manager, monkeypatch):
    """A change of seven customers, of which the request did the first three."""
    monkeypatch.setattr(bulk, "CHUNK", 3)
    monkeypatch.setattr("apps.desk.views.bulk.AT_ONCE", 3)
    for number in range(7):
        AccountFactory(name=f"Customer {number}")
    change = preview(as_manager, all="1")
    as_manager.post(url(change), {"owner": manager.pk})
    assert as_manager.post(url(change, "confirm"), shown(change)).url == url(change)
    change.refresh_from_db()
    return change


def test_a_long_change_shows_how_far_it_is_and_then_its_results(
    as_manager, long_change, ran_jobs, htmx
):
    page = says(as_manager.get(url(long_change)))
    assert '<progress class="wide" max="7" value="3"' in page
    assert "3 of 7" in page
    assert 'hx-trigger="every 1s"' in page
    part = as_manager.get(url(long_change), headers=htmx("bulk"))
    assert "<html" not in says(part)
    assert "HX-Trigger" not in part.headers

    ran_jobs()
    part = as_manager.get(url(long_change), headers=htmx("bulk"))

    assert "7 changed, 0 skipped, 0 failed" in says(part)
    assert "every 1s" not in says(part)
    assert "7 customers changed." in part.headers["HX-Trigger"]


def test_a_change_with_trouble_shows_its_results_at_once(as_manager, account, agent, manager):
    other = AccountFactory(name="Zenith")
    change = preview(as_manager, pick=[account.pk, other.pk])
    as_manager.post(url(change), {"owner": agent.pk})

    response = as_manager.post(url(change, "confirm"), shown(change), follow=True)

    assert response.redirect_chain == [(url(change), 302)]
    page = says(response)
    assert "1 changed, 1 skipped, 0 failed" in page
    assert "Skipped: They have this owner already." in page
    assert "10 minutes left" in page or "9 minutes left" in page
    done = says(as_manager.get(f"{url(change)}?show=done&back=tier%3Dhigh"))
    assert "Zenith" in done
    assert "?show=skipped&amp;back=tier%3Dhigh" in done


def test_results_are_paged(as_manager, manager):
    change = BulkChangeFactory(
        by=manager,
        kind="accounts.owner",
        state="done",
        total=120,
        done=120,
        finished_at=timezone.now() - timedelta(hours=1),
    )
    BulkRowFactory.create_batch(120, change=change, outcome="done")

    first = as_manager.get(url(change)).context["results"]
    second = as_manager.get(first.older).context["results"]
    third = as_manager.get(second.older).context["results"]

    assert [len(page.rows) for page in (first, second, third)] == [50, 50, 20]
    assert (first.newer, third.older) == (None, None)
    assert as_manager.get(second.newer).context["results"].rows == first.rows
    assert "minutes left" not in says(as_manager.get(url(change)))


def test_undo_restores_and_names_who_changed_a_customer_since(as_manager, account, agent, manager):
    other = AccountFactory(name="Zenith", owner=agent)
    change = preview(as_manager, pick=[account.pk, other.pk])
    as_manager.post(url(change), {"owner": manager.pk})
    as_manager.post(url(change, "confirm"), shown(change))
    accounts.edit(other, by=agent, at=timezone.now(), name="Zenith plc")

    page = says(as_manager.post(url(change, "undo"), follow=True))

    assert "1 restored, 1 left as they are" in page
    assert "Left as it is: Ada Lovett changed them since." in page
    assert "Undone by Max Brandt" in page
    account.refresh_from_db()
    assert account.owner == agent


def test_undo_in_the_worker_says_what_came_of_it(as_manager, long_change, ran_jobs, htmx):
    ran_jobs()
    as_manager.post(url(long_change, "undo"))
    assert "3 of 7" in says(as_manager.get(url(long_change)))
    Account.objects.filter(name="Customer 6").update(version=9)

    ran_jobs()
    part = as_manager.get(url(long_change), headers=htmx("bulk"))

    assert "6 restored, 1 left as they are." in part.headers["HX-Trigger"]


def test_undo_that_comes_too_late_is_told(as_manager, manager, long_change, ran_jobs):
    ran_jobs()
    BulkChange.objects.update(finished_at=timezone.now() - timedelta(minutes=11))

    response = as_manager.post(url(long_change, "undo"))

    assert response.status_code == 409
    assert "any more" in says(response)
    assert Account.objects.filter(owner=manager).count() == 7


def test_a_complete_undo_is_said_in_few_words(as_manager, long_change, ran_jobs, htmx):
    ran_jobs()
    as_manager.post(url(long_change, "undo"))
    ran_jobs()

    part = as_manager.get(url(long_change), headers=htmx("bulk"))

    assert '"7 restored."' in part.headers["HX-Trigger"]


# --- whose --------------------------------------------------------------------


def test_changes_of_somebody_else_are_not_there_but_for_admins(
    client, as_manager, agent, admin, long_change
):
    client.force_login(agent)
    for path in ((), ("confirm",), ("undo",)):
        response = client.post(url(long_change, *path)) if path else client.get(url(long_change))
        assert response.status_code == 404

    client.force_login(admin)
    assert client.get(url(long_change)).status_code == 200


def test_who_may_read_but_not_touch_is_refused(as_manager, manager, long_change, monkeypatch):
    monkeypatch.setattr(bulk, "may_touch", lambda change, user: False)

    assert as_manager.post(url(long_change, "confirm")).status_code == 403


def test_my_changes_are_listed_newest_first(as_manager, manager, account):
    assert "You have not changed many customers at once yet" in says(as_manager.get(BULK))
    ours = {"kind": "accounts.owner", "by": manager}
    BulkChangeFactory(label="Not mine", state="done", kind="accounts.owner")
    BulkChangeFactory(label="Not confirmed", **ours)
    of_tasks = BulkChangeFactory(kind="tasks.cancel", by=manager, state="done")
    for number in range(27):
        BulkChangeFactory(label=f"Change {number:02}", state="done", **ours)

    first = as_manager.get(BULK)
    labels = [change.label for change in first.context["page"].rows]

    assert labels == [f"Change {number:02}" for number in range(26, 1, -1)]
    assert "Change 00" in says(as_manager.get(f"{BULK}?at={first.context['page'].older}"))
    assert as_manager.get(url(of_tasks)).status_code == 404


def test_pages_ask_the_same_whatever_the_size(as_manager, manager, django_assert_max_num_queries):
    for size in (2, 20):
        picked = [AccountFactory().pk for _ in range(size)]
        change = preview(as_manager, pick=picked)
        as_manager.post(url(change), {"owner": manager.pk})
        with django_assert_max_num_queries(9):
            as_manager.get(url(change))
        sent = shown(change)
        with django_assert_max_num_queries(34):
            as_manager.post(url(change, "confirm"), sent)
        with django_assert_max_num_queries(7):
            as_manager.get(url(change))
        with django_assert_max_num_queries(5):
            as_manager.get(BULK)
    assert BulkRow.objects.count() == 22

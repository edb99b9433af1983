"""The pages of saved views: what a view opens, keeps, counts and loses."""

import uuid

import pytest
from django.urls import reverse

from apps.workspace import actions
from apps.workspace.models import DefaultView, SavedView
from tests.factories.accounts import AccountFactory
from tests.factories.users import make_person
from tests.factories.workspace import SavedViewFactory, ViewPickFactory

LIST = "/customers/"
VIEWS = "/customers/views/"


def names(response):
    return [row.name for row in response.context["listing"].rows]


def key():
    return str(uuid.uuid4())


@pytest.fixture
def view(manager):
    """High tier by MRR, found by everyone, made by Max."""
    return SavedViewFactory(
        name="High tier",
        query="tier=high&sort=-mrr",
        columns=["mrr", "owner"],
        owner=manager,
        sharing="everyone",
    )


@pytest.fixture
def customers(team):
    return [
        AccountFactory(name=name, tier=tier, mrr=mrr, team=team)
        for name, tier, mrr in (("Ash", "high", 300), ("Birch", "high", 900), ("Cedar", "mid", 50))
    ]


# --- opening


def test_a_view_opens_with_its_filters_order_and_columns(as_agent, view, customers):
    response = as_agent.get(f"{VIEWS}{view.pk}/", follow=True)

    assert response.redirect_chain == [
        (f"{LIST}?tier=high&sort=-mrr&columns=mrr.owner&view={view.pk}", 302)
    ]
    assert names(response) == ["Birch", "Ash"]
    heads = [str(head.label) for head in response.context["listing"].columns]
    assert heads == ["Name", "MRR", "Owner"]
    page = response.content.decode()
    assert f'view={view.pk}" aria-current="page">High tier' in page
    assert "Save changes" not in page
    assert "Save as view" not in page


def test_every_form_of_the_list_carries_its_token(as_manager, view, customers):
    page = as_manager.get(f"{LIST}?tier=mid&view={view.pk}").content.decode()

    standing = page[page.index('id="standing"') : page.index("<table")]
    forms = standing.count('method="post"')
    assert forms >= 3  # save changes, export, open with it
    assert standing.count("csrfmiddlewaretoken") == forms


def test_links_of_the_list_keep_the_view_and_its_columns(as_agent, view, customers):
    response = as_agent.get(f"{VIEWS}{view.pk}/", follow=True)

    kept = f"columns=mrr.owner&view={view.pk}"
    listing = response.context["listing"]
    assert [chip.url for chip in listing.chips] == [f"{LIST}?sort=-mrr&{kept}"]
    assert listing.columns[0].url == f"{LIST}?tier=high&sort=name&{kept}"
    assert ("view", str(view.pk)) in response.context["kept"]


def test_without_its_last_filter_the_list_shows_everyone_and_no_default(as_agent, customers):
    (chip,) = as_agent.get(LIST, {"tier": "mid"}).context["listing"].chips

    assert chip.url == f"{LIST}?view=all"


def test_columns_that_are_the_usual_ones_are_not_spelt_out(as_agent, customers):
    usual = "stage.tier.mrr.owner.renews.touch"

    response = as_agent.get(LIST, {"columns": usual, "tier": "mid"})

    assert response.context["query"] == "tier=mid"


def test_a_column_that_is_none_is_refused(as_agent):
    response = as_agent.get(LIST, {"columns": "stage.password"})

    assert response.status_code == 400
    assert "There is no column called password." in response.content.decode()


def test_views_of_others_are_not_there(as_agent, agent, account):
    foreign = SavedViewFactory()

    for path in ("", "edit/", "remove/"):
        assert as_agent.get(f"{VIEWS}{foreign.pk}/{path}").status_code == 404
    page = as_agent.get(LIST, {"view": foreign.pk}).content.decode()
    assert "began from a view that is not there any more" in page


def test_five_views_stand_above_the_list_and_always_the_current_one(as_agent, agent):
    views = [SavedViewFactory(name=f"V{n}", owner=agent, query="") for n in range(8)]

    tabs = as_agent.get(LIST, {"view": views[7].pk}).context["standing"].tabs

    assert [(tab.name, tab.is_current) for tab in tabs] == [
        *((f"V{n}", False) for n in range(4)),
        ("V7", True),
    ]


# --- what the list opens with


def test_a_bare_address_opens_ones_own_view_else_the_roles_else_everyone(
    as_agent, agent, manager, view, customers
):
    assert names(as_agent.get(LIST)) == ["Ash", "Birch", "Cedar"]

    actions.set_default(view, by=manager, role="agent")
    assert names(as_agent.get(LIST, follow=True)) == ["Birch", "Ash"]

    own = SavedViewFactory(owner=agent, query="tier=mid", name="Mine")
    as_agent.post(f"{VIEWS}{own.pk}/default/")
    assert names(as_agent.get(LIST, follow=True)) == ["Cedar"]

    as_agent.post(f"{VIEWS}{own.pk}/default/", {"off": "1"})
    assert names(as_agent.get(LIST, follow=True)) == ["Birch", "Ash"]


def test_a_question_or_everyone_is_never_answered_with_the_default(
    as_agent, manager, view, customers
):
    actions.set_default(view, by=manager, role="agent")

    assert names(as_agent.get(LIST, {"view": "all"})) == ["Ash", "Birch", "Cedar"]
    assert names(as_agent.get(LIST, {"q": "cedar"})) == ["Cedar"]


def test_the_list_takes_the_same_queries_however_many_views_there_are(
    as_agent, agent, django_assert_max_num_queries
):
    for n in range(7):
        SavedViewFactory(name=f"V{n}", owner=agent)

    with django_assert_max_num_queries(10):
        as_agent.get(LIST, {"tier": "high"})


# --- keeping


def test_a_list_is_kept_as_a_view(as_agent, agent, customers):
    url = reverse("desk:view-new")
    page = as_agent.get(LIST, {"tier": "high", "sort": "-mrr", "columns": "mrr"}).content.decode()
    assert f'href="{url}?tier=high&amp;sort=-mrr&amp;columns=mrr">Save as view' in page

    asked = "?tier=high&sort=-mrr&columns=mrr"
    form = as_agent.get(f"{url}{asked}").content.decode()
    assert "Tier <b>High</b>" in form
    sent = {"name": "Big", "sharing": "team", "kind": "filters", "key": key()}
    answers = [as_agent.post(f"{url}{asked}", sent, follow=True) for _ in range(2)]

    kept = SavedView.objects.get()
    assert (kept.query, kept.columns, kept.sharing) == ("tier=high&sort=-mrr", ["mrr"], "team")
    assert [names(each) for each in answers] == [["Birch", "Ash"]] * 2


def test_a_view_can_begin_empty_and_be_filled_by_hand(as_agent, customers):
    sent = {"name": "Calls", "sharing": "mine", "kind": "picked", "key": key()}

    response = as_agent.post(f"{reverse('desk:view-new')}?tier=high", sent, follow=True)

    assert SavedView.objects.get().is_picked
    assert names(response) == []


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        ({"name": ""}, "Give the view a name."),
        ({"name": "taken"}, "Choose another name."),
        ({"sharing": "everyone"}, "Select a valid choice."),
    ],
)
def test_a_view_that_cannot_be_kept_comes_back_with_words(as_agent, agent, sent, says):
    SavedViewFactory(owner=agent, name="Taken")
    good = {"name": "Big", "sharing": "mine", "kind": "filters", "key": key()}

    response = as_agent.post(reverse("desk:view-new"), good | sent)

    assert response.status_code == 422
    assert says in response.content.decode()


def test_a_question_that_the_list_does_not_know_is_no_view(as_agent):
    response = as_agent.get(f"{reverse('desk:view-new')}?colour=red")

    assert (response.status_code, response.url) == (302, f"{LIST}?view=all")


def test_somebody_without_a_team_is_not_offered_to_share_with_one(client, db):
    client.force_login(make_person("agent", team=None))

    choices = client.get(reverse("desk:view-new")).context["form"].fields["sharing"].choices

    assert [value for value, _label in choices] == ["mine"]


# --- changing


def test_a_changed_list_may_be_saved_into_its_view(as_manager, view, customers):
    asked = f"tier=mid&columns=stage&view={view.pk}"
    page = as_manager.get(f"{LIST}?{asked}")
    assert "Save changes" in page.content.decode()
    assert "Save as view" in page.content.decode()

    url = f"{VIEWS}{view.pk}/keep/?{asked}"
    response = as_manager.post(url, {"version": 1}, follow=True)

    view.refresh_from_db()
    assert (view.query, view.columns, view.version) == ("tier=mid", ["stage"], 2)
    assert names(response) == ["Cedar"]
    assert "Save changes" not in response.content.decode()


@pytest.mark.parametrize("version", ["0", "", "x", "9" * 30])
def test_who_was_slower_keeps_the_list_and_is_told(as_manager, view, customers, version):
    url = f"{VIEWS}{view.pk}/keep/?tier=mid&view={view.pk}"

    response = as_manager.post(url, {"version": version}, follow=True)

    view.refresh_from_db()
    assert view.query == "tier=high&sort=-mrr"
    assert "Somebody changed this view meanwhile." in response.content.decode()
    assert names(response) == ["Cedar"]
    assert 'name="version" value="1"' in response.content.decode()


def test_a_question_that_is_refused_changes_no_view(as_manager, view):
    as_manager.post(f"{VIEWS}{view.pk}/keep/?colour=red", {"version": 1})

    view.refresh_from_db()
    assert view.version == 1


def test_agents_see_no_button_to_change_everyones_view(as_agent, view, customers):
    page = as_agent.get(f"{LIST}?tier=mid&view={view.pk}").content.decode()

    assert "Save changes" not in page
    assert "Save as view" in page
    assert "Ask the person who made" in as_agent.get(f"{VIEWS}{view.pk}/edit/").content.decode()


def test_a_view_picked_by_hand_cannot_lose_its_picks_to_a_filter(as_agent, agent, customers):
    view = ViewPickFactory(view__owner=agent, subject_id=customers[0].pk).view
    SavedView.objects.filter(pk=view.pk).update(query=f"picked={view.pk}")

    with_picks = as_agent.get(f"{LIST}?picked={view.pk}&tier=high&view={view.pk}")
    without = as_agent.get(f"{LIST}?tier=high&view={view.pk}")

    assert "Save changes" in with_picks.content.decode()
    assert "Save changes" not in without.content.decode()


def test_a_view_is_renamed_shared_and_opened_for_a_role(as_manager, view):
    url = f"{VIEWS}{view.pk}/edit/"
    assert as_manager.get(url).status_code == 200

    sent = {"name": "Best", "sharing": "everyone", "roles": ["agent"], "version": 1}
    response = as_manager.post(url, sent)

    view.refresh_from_db()
    assert response.status_code == 302
    assert view.name == "Best"
    assert [row.role for row in DefaultView.objects.all()] == ["agent"]
    assert as_manager.get(url).context["form"].initial["roles"] == ["agent"]


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        ({"name": ""}, "Give the view a name."),
        ({"name": "TAKEN"}, "Choose another name."),
        ({"sharing": "mine", "roles": ["agent"]}, "Share the view with everyone first"),
    ],
)
def test_a_change_of_a_view_that_is_refused_says_why(as_manager, manager, view, sent, says):
    SavedViewFactory(owner=manager, name="Taken")
    good = {"name": "Best", "sharing": "everyone", "version": 1}

    response = as_manager.post(f"{VIEWS}{view.pk}/edit/", good | sent)

    assert response.status_code == 422
    assert says in response.content.decode()


def test_somebody_else_was_faster_at_renaming(as_manager, manager, view):
    actions.change_view(view, by=manager, version=1, name="Theirs")
    url, sent = f"{VIEWS}{view.pk}/edit/", {"name": "Mine", "sharing": "everyone", "version": 1}

    response = as_manager.post(url, sent)

    page = response.content.decode()
    assert response.status_code == 409
    assert "It is called Theirs now" in page
    assert 'value="Mine"' in page
    assert 'name="version" value="2"' in page
    assert as_manager.post(url, sent | {"version": 2}).status_code == 302


def test_agents_may_not_open_a_role_s_list_with_their_view(as_agent, agent):
    own = SavedViewFactory(owner=agent)

    sent = {"name": "Mine", "sharing": "mine", "roles": ["agent"], "version": 1}
    as_agent.post(f"{VIEWS}{own.pk}/edit/", sent)

    assert not DefaultView.objects.exists()


# --- removing


def test_removing_asks_first_and_says_who_else_uses_it(as_manager, agent, manager, view):
    actions.set_default(view, by=agent)
    actions.set_default(view, by=manager, role="agent")
    url = f"{VIEWS}{view.pk}/remove/"

    page = as_manager.get(url).content.decode()
    assert "1 other person opens Customers with it." in page
    assert "Customers opens with it for: Agent." in page
    assert as_manager.post(url, follow=True).redirect_chain == [(VIEWS, 302)]

    assert not SavedView.objects.exists()


def test_a_view_of_somebody_else_stays(as_agent, view):
    page = as_agent.get(f"{VIEWS}{view.pk}/remove/").content.decode()
    assert "Ask the person who made this view" in page

    response = as_agent.post(f"{VIEWS}{view.pk}/remove/", follow=True)

    assert SavedView.objects.exists()
    assert "Ask the person who made this view" in response.content.decode()


# --- a filter that is gone


def test_a_view_whose_filter_is_gone_says_so_and_keeps_the_rest(as_agent, agent, customers):
    broken = SavedViewFactory(
        owner=agent, name="Old", query="tier=high&owner=999999&cf_gone=x", columns=["mrr", "gone"]
    )

    response = as_agent.get(f"{VIEWS}{broken.pk}/", follow=True)

    page = response.content.decode()
    assert names(response) == ["Ash", "Birch"]
    assert "Old also asks for something that is gone" in page
    assert "cf_gone: x; Owner: 999999; Column: gone." in " ".join(page.split())
    assert "Save changes" in page


def test_a_tab_of_a_view_whose_filter_is_gone_leads_to_the_rest(as_agent, agent, customers):
    broken = SavedViewFactory(owner=agent, query="tier=high&owner=999999")
    (tab,) = as_agent.get(LIST).context["standing"].tabs

    assert as_agent.get(tab.url).url == f"{VIEWS}{broken.pk}/"
    assert names(as_agent.get(tab.url, follow=True)) == ["Ash", "Birch"]


# --- all views, and counts


def test_all_views_are_listed_in_words_with_counts(as_agent, agent, manager, view, customers):
    SavedViewFactory(owner=agent, name="Broken", query="owner=999999")
    SavedViewFactory(owner=agent, name="Everybody", query="")
    actions.set_default(view, by=agent)
    actions.set_default(view, by=manager, role="agent")

    lines = as_agent.get(VIEWS).context["lines"]

    said = [(line["view"].name, line["count"], line["may_change"]) for line in lines]
    assert said == [("Broken", None, True), ("Everybody", "3", True), ("High tier", "2", False)]
    assert [(chip.label, chip.value) for chip in lines[2]["chips"]] == [("Tier", "High")]
    assert lines[2]["roles"] == ["Agent"]
    assert lines[0]["lost"] == ["Owner: 999999"]


def test_without_views_the_page_says_how_to_make_one(as_agent):
    assert "No views yet" in as_agent.get(VIEWS).content.decode()


def test_counts_come_by_themselves_and_are_kept_for_a_while(
    as_agent, agent, view, customers, django_assert_max_num_queries
):
    SavedViewFactory(owner=agent, name="Broken", query="owner=999999")
    url = reverse("desk:view-counts")

    first = as_agent.get(url)
    AccountFactory(tier="high")

    said = [text for _pk, text in first.context["counts"]]
    assert said == ["3", None, "2"]
    assert f'id="count-{view.pk}" hx-swap-oob="true">2<' in first.content.decode()
    with django_assert_max_num_queries(5):
        assert as_agent.get(url).context["counts"] == first.context["counts"]


def test_a_count_about_oneself_is_nobody_elses(client, agent, manager, customers):
    SavedViewFactory(owner=manager, name="Mine", query="owner=me", sharing="everyone")
    AccountFactory(owner=agent)

    counts = []
    for person in (agent, manager):
        client.force_login(person)
        counts.append(client.get(reverse("desk:view-counts")).context["counts"][1][1])

    assert counts == ["1", "0"]


# --- putting a customer into views


def test_a_customer_is_put_into_views_and_taken_out(as_agent, agent, account):
    holding = ViewPickFactory(view__owner=agent, view__name="Old calls", subject_id=account.pk).view
    other = SavedViewFactory(owner=agent, name="Spring renewals", is_picked=True, query="")
    url = f"{account.get_absolute_url()}views/"
    assert as_agent.get(url).context["form"].initial["views"] == [str(holding.pk)]

    sent = {"views": [other.pk], "name": "Brand new", "key": key()}
    answers = [as_agent.post(url, sent).status_code for _ in range(2)]

    assert answers == [302, 302]
    into = SavedView.objects.filter(picks__subject_id=account.pk).values_list("name", flat=True)
    assert sorted(into) == ["Brand new", "Spring renewals"]

    as_agent.post(url, {"key": key()})
    assert not into.all()


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        ({"name": "taken"}, "Choose another name."),
        ({"views": ["999999"]}, "Select a valid choice."),
    ],
)
def test_putting_into_a_view_may_be_refused(as_agent, agent, account, sent, says):
    SavedViewFactory(owner=agent, name="Taken", is_picked=True)

    response = as_agent.post(f"{account.get_absolute_url()}views/", {"key": key()} | sent)

    assert response.status_code == 422
    assert says in response.content.decode()


def test_without_views_there_is_only_the_name_of_a_new_one(as_agent, account):
    form = as_agent.get(f"{account.get_absolute_url()}views/").context["form"]

    assert sorted(form.fields) == ["key", "name"]


def test_hidden_customers_are_put_into_no_view(as_agent, private_account):
    url = f"{private_account.get_absolute_url()}views/"

    assert as_agent.post(url, {"name": "X", "key": key()}).status_code == 404


# --- columns


COLUMNS = "/customers/columns/"


def test_columns_are_offered_with_the_shown_ones_first(as_agent, view):
    url = f"{COLUMNS}?tier=high&columns=mrr.owner&view={view.pk}"

    response = as_agent.get(url)

    lines = response.context["lines"]
    assert [line["column"].key for line in lines if line["is_shown"]] == ["mrr", "owner"]
    assert [line["column"].key for line in lines][:3] == ["mrr", "owner", "stage"]
    assert response.context["hidden"] == [("tier", "high"), ("view", str(view.pk))]


def test_ticks_and_numbers_become_the_lists_address(as_agent):
    asked = {
        "tier": "high",
        **{f"show_{name}": "on" for name in ("stage", "mrr", "plan")},
        "place_stage": "9",
        "place_mrr": "2",
    }

    assert as_agent.get(COLUMNS, asked).url == f"{LIST}?tier=high&columns=mrr.stage.plan"


@pytest.mark.parametrize("asked", [{"place_mrr": "1"}, {"show_mrr": "on", "place_mrr": "x"}])
def test_no_column_or_no_number_is_refused_with_words(as_agent, asked):
    response = as_agent.get(COLUMNS, asked)

    assert response.status_code == 422
    assert "Tick at least one column" in response.content.decode()


def test_columns_for_an_unknown_question_lead_to_the_list(as_agent):
    assert as_agent.get(COLUMNS, {"colour": "red"}).url == f"{LIST}?view=all"

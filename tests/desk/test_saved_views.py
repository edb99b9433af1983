"""What a saved view opens: its list, its tabs, and the default of a role."""

from apps.workspace import actions
from tests.factories.workspace import SavedViewFactory

LIST = "/customers/"
VIEWS = "/customers/views/"


def names(response):
    return [row.name for row in response.context["listing"].rows]


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


def test_everyone_can_be_what_the_list_opens_with(as_agent, agent, manager, view, customers):
    actions.set_default(view, by=manager, role="agent")
    page = as_agent.get(LIST, follow=True).content.decode()
    assert "Open Customers with everyone" in page

    response = as_agent.post(f"{VIEWS}{view.pk}/default/", {"everyone": "1"}, follow=True)

    assert response.redirect_chain == [(f"{LIST}?view=all", 302)]
    assert "Customers opens with everyone from now on." in response.content.decode()
    assert names(as_agent.get(LIST)) == ["Ash", "Birch", "Cedar"]
    page = as_agent.get(LIST, {"view": view.pk}).content.decode()
    assert "Open Customers with everyone" not in page
    assert "Open Customers with it" in page


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

"""The settings page of the workspace."""

import pytest
from django.urls import reverse

from apps.workspace.models import Workspace

CHANGE = reverse("admin:workspace_workspace_change", args=[1])


def test_the_list_leads_to_the_one_page(as_admin):
    response = as_admin.get(reverse("admin:workspace_workspace_changelist"))

    assert response["Location"] == CHANGE


def test_the_first_edit_makes_the_row_and_the_next_changes_it(as_admin):
    assert 'value="Mainstay"' in as_admin.get(CHANGE).content.decode()
    assert Workspace.objects.count() == 0

    for name in ("Tidewell", "Tidewell & Co"):
        response = as_admin.post(CHANGE, {"name": name, "currency": "EUR"})
        assert response.status_code == 302

    workspace = Workspace.objects.get()
    assert (workspace.name, workspace.currency) == ("Tidewell & Co", "EUR")


@pytest.mark.parametrize(("typed", "kept"), [("eur", "EUR"), ("€", None), ("G1P", None)])
def test_a_currency_is_three_letters(as_admin, typed, kept):
    response = as_admin.post(CHANGE, {"name": "Tidewell", "currency": typed})

    assert list(Workspace.objects.values_list("currency", flat=True)) == ([kept] if kept else [])
    assert kept or "three letters, such as GBP" in response.content.decode()


def test_there_is_no_other_row(as_admin):
    response = as_admin.get(reverse("admin:workspace_workspace_change", args=[2]))

    assert response["Location"] == reverse("admin:index")


def test_pages_ask_for_the_name_only_where_they_show_it(as_agent, django_assert_max_num_queries):
    Workspace.objects.create(id=1, name="Tidewell")

    with django_assert_max_num_queries(3) as queries:
        as_agent.get(reverse("access:me"))

    assert [each for each in queries.captured_queries if "workspace_workspace" in each["sql"]] == []

"""Choosing the columns of the list."""

import pytest

LIST = "/customers/"
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

"""What waits for the teams of a manager."""

from datetime import timedelta

import pytest
import time_machine

from apps.saves.models import Rung
from tests.desk.days import groups, stayed, undecided
from tests.factories.accounts import AccountFactory
from tests.factories.saves import CommitmentFactory, DraftFactory
from tests.factories.users import TeamFactory, make_person

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture(autouse=True)
def clock(now):
    with time_machine.travel(now, tick=False):
        yield


# --- Teams


@pytest.fixture
def two_teams(team, agent, manager, account, now):
    """Max manages Ada's team and leads another one, in which Ben is."""
    other = TeamFactory(name="Atlantic", lead=manager)
    ben = make_person("agent", name="Ben Okoro", team=other)
    stranger = make_person("agent", name="Not Theirs", team=TeamFactory())
    for person, name in ((agent, "Ada’s"), (ben, "Ben’s"), (stranger, "A stranger’s")):
        undecided(AccountFactory(name=name), person, now - HOUR)
    stayed(ben, now - DAY, Rung.DEFLECTED)
    stayed(ben, now - 40 * DAY, Rung.VERIFIED_30)
    DraftFactory(agent=agent, account=account, answers={"verbatim": ["Ada’s own words."]})
    CommitmentFactory(owner=ben, account=account, due_on=now.date() - DAY)
    CommitmentFactory(owner=agent, account=account, due_on=now.date() + DAY)
    return ben


def test_a_manager_sees_all_their_teams(as_manager, manager, two_teams, now):
    page = as_manager.get("/", {"whose": "team"})

    assert groups(page.context["page"]) == {"overdue": ["Ada’s", "Ben’s"]}
    agents = page.context["page"].agents
    assert [(line.name, line.team, line.calls, line.stayed) for line in agents.lines] == [
        ("Ben Okoro", "Atlantic", 2, 1),
        ("Ada Lovett", "Northern", 1, 0),
    ]
    assert [(line.drafts, line.late) for line in agents.lines] == [(0, 1), (1, 0)]
    assert (agents.calls, agents.stayed, agents.drafts, agents.late) == (3, 1, 1, 1)
    assert page.context["waiting"].commitments.count == 2
    text = page.content.decode()
    assert "Atlantic, Northern" in text
    assert "The team’s month" in text
    assert "A stranger’s" not in text
    # That a call was begun, not what is typed so far.
    assert "Ada Lovett has begun a call with Larkspur Dental" in text
    assert "Ada’s own words." not in text
    assert ("Resume" in text, page.context["page"].recent) == (False, [])


def test_a_manager_of_one_team_sees_no_column_for_it(as_manager, team, agent):
    page = as_manager.get("/", {"whose": "team"})

    assert page.context["page"].agents.has_teams is False
    assert "Nothing is waiting for the team." in page.content.decode()


def test_who_manages_nobody_sees_their_own_day(as_agent, agent, account, now):
    undecided(account, agent, now - HOUR)

    page = as_agent.get("/", {"whose": "team"})

    assert page.context["teams"] == []
    assert page.context["page"].has_team is False
    assert page.context["waiting"].call_backs.count == 1


def test_a_team_never_tells_of_a_private_teams_customers(
    as_manager, manager, agent, private_account, now
):
    undecided(private_account, agent, now - HOUR)
    DraftFactory(agent=agent, account=private_account)
    CommitmentFactory(owner=agent, account=private_account, due_on=now.date() - DAY)
    stayed(agent, now - HOUR, Rung.DEFLECTED, account=private_account)

    page = as_manager.get("/", {"whose": "team"})

    assert "Hushed" not in page.content.decode()
    (line,) = page.context["page"].agents.lines
    assert (line.calls, line.stayed, line.drafts, line.late) == (0, 0, 0, 0)
    assert page.context["page"].months.is_empty


def test_whoever_left_the_team_is_shown_while_something_is_open(as_manager, team, agent, account):
    gone = make_person("agent", name="Gone Away", team=team)
    gone.is_active = False
    gone.save()
    lines = as_manager.get("/", {"whose": "team"}).context["page"].agents.lines
    assert [line.name for line in lines] == ["Ada Lovett"]

    DraftFactory(agent=gone, account=account)
    lines = as_manager.get("/", {"whose": "team"}).context["page"].agents.lines
    assert [line.name for line in lines] == ["Ada Lovett", "Gone Away"]


# --- News


def test_news_of_a_team_are_the_teams(as_manager, manager, two_teams, htmx):
    query = {"seen": "0.0.0", "whose": "team"}

    news = as_manager.get("/today/news/", query, headers=htmx("today-news")).content.decode()

    assert "2 call-backs, 1 draft, 2 commitments" in news
    assert '<span class="count hot" data-count="commitments">2</span>' in news
    assert "?whose=team" in news

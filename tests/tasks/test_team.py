"""The manager's page: whose tasks, in which order, and how much everybody has."""

from datetime import date, timedelta

import pytest
from django.db import connection

from apps.tasks.models import Task
from apps.tasks.queries import team as team_queries
from apps.tasks.queries.crew import crew, everybodys_loads, loads
from apps.tasks.queries.people import workers
from apps.tasks.queries.team import Question
from tests.factories.accounts import AccountFactory
from tests.factories.calendars import OutOfOfficeFactory
from tests.factories.tasks import QueueFactory, TaskFactory
from tests.factories.users import TeamFactory, make_person

TEAM = "/tasks/team/"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture(autouse=True)
def frozen(time_machine, now):
    time_machine.move_to(now, tick=False)


@pytest.fixture
def days(account, agent, now):
    """One task of Ada's in each group."""
    moments = {
        "late": now - 2 * HOUR,
        "today": now + HOUR,
        "friday": now + 3 * DAY,
        "later": now + 30 * DAY,
    }
    return {
        name: TaskFactory(account=account, owner=agent, what=name, due_at=due_at)
        for name, due_at in moments.items()
    }


def says(response):
    """Return what a page says, without markup."""
    return response.content.decode()


def whats(response):
    """Return the tasks of each group."""
    return {
        group.key: [line.what for line in group.lines] for group in response.context["page"].groups
    }


def flat(response):
    """Return the tasks of all groups."""
    return [what for group in whats(response).values() for what in group]


def counts(response):
    return {tab.key: tab.count for tab in response.context["page"].tabs}


# --- rows ---------------------------------------------------------------------


def test_tasks_stand_in_groups_by_when_they_are_due(as_manager, days):
    page = as_manager.get(TEAM)

    assert whats(page) == {
        "overdue": ["late"],
        "today": ["today"],
        "week": ["friday"],
        "later": ["later"],
    }
    assert [group.count for group in page.context["page"].groups] == [1, 1, 1, 1]
    assert "1 h 30 min late" in says(page)
    assert "1 h left" in says(page)
    assert "Fri, 10:30" in says(page)
    assert "Thu 9 July, 10:30" in says(page)


def test_the_head_says_how_things_stand(as_manager, days, account, agent, queue, now):
    TaskFactory(account=account, owner=None, queue=queue, due_at=now + HOUR)
    asleep = {"snoozed_until": now + DAY, "snoozed_by": agent, "snooze_reason": "Away"}
    TaskFactory(account=account, owner=agent, **asleep)

    page = " ".join(says(as_manager.get(TEAM)).split())

    assert "Northern: 5 open tasks" in page
    assert '<strong class="bad-text">1 overdue</strong>, 1 with nobody.' in page


def test_what_waits_for_approval_has_a_tab_where_there_is_some(as_manager, account, agent, now):
    assert "approval" not in counts(as_manager.get(TEAM))
    assert "Nothing waits for approval." in says(as_manager.get(TEAM, {"tab": "approval"}))
    TaskFactory(account=account, owner=agent, kind="approval", what="A credit", due_at=now + HOUR)
    TaskFactory(account=account, owner=agent, what="A call", due_at=now + HOUR)

    assert counts(as_manager.get(TEAM))["approval"] == 1
    assert flat(as_manager.get(TEAM, {"tab": "approval"})) == ["A credit"]


def test_on_a_sunday_nothing_is_left_of_the_week(
    client, manager, account, agent, now, time_machine
):
    sunday = now + 5 * DAY
    time_machine.move_to(sunday, tick=False)
    client.force_login(manager)
    for what, due_at in (("today", sunday + HOUR), ("monday", sunday + DAY)):
        TaskFactory(account=account, owner=agent, what=what, due_at=due_at)

    assert whats(client.get(TEAM)) == {"today": ["today"], "later": ["monday"]}


def test_each_tab_shows_its_own(as_manager, account, agent, manager, team, queue, now):
    def task(what, **more):
        return TaskFactory(**{"account": account, "what": what, "owner": agent, **more})

    asleep = {"snoozed_by": agent, "snooze_reason": "They are away"}
    task("mine")
    task("waits", owner=None, queue=queue, found_nobody=True, priority=1)
    task("escalated", escalated=2, origin="commitment")
    task("put off", snoozed_until=now + DAY, **asleep)
    task("awake again", snoozed_until=now - DAY, **asleep)
    done = {"state": "done", "closed_by": agent, "outcome": "Paid"}
    task("done", closed_at=now, **done)
    task("done before", closed_at=now - DAY, **done)
    task("dropped", state="cancelled", closed_at=now, closed_by=agent)
    task("elsewhere", owner=make_person("agent", team=TeamFactory()))

    shown = as_manager.get(TEAM)
    assert counts(shown) == {"team": 4, "nobody": 1, "escalated": 1, "snoozed": 1, "done": 1}
    assert flat(shown) == ["mine", "waits", "escalated", "awake again"]
    assert "Found nobody" in says(shown)
    assert "Urgent" in says(shown)
    assert "Commitment" in says(shown)
    for tab, key, words in [
        ("nobody", "today", ""),
        ("escalated", "today", "Escalated</span>"),
        ("snoozed", "snoozed", "until tomorrow, 10:30"),
        ("done", "done", "Paid"),
    ]:
        page = as_manager.get(TEAM, {"tab": tab, "by": "person"} if tab == "done" else {"tab": tab})
        expected = {"nobody": "waits", "snoozed": "put off"}.get(tab, tab)
        assert whats(page) in ({key: [expected]}, {"overdue": [expected]})
        assert words in says(page)
    assert "at 10:30" in says(as_manager.get(TEAM, {"tab": "done"}))
    assert 'class="bulk"' not in says(as_manager.get(TEAM, {"tab": "done"}))


def test_other_teams_can_be_chosen_and_all_of_them(as_manager, account, agent, manager, team, now):
    other = TeamFactory(name="Atlantic")
    QueueFactory(team=other, name="Calls")
    TaskFactory(account=account, owner=agent, what="ours")
    theirs = TaskFactory(account=account, owner=make_person("agent", team=other), what="theirs")
    TaskFactory(account=account, owner=None, queue=QueueFactory(team=other), what="waits there")
    TaskFactory(account=account, owner=None, queue=QueueFactory(), what="waits")

    def shown(asked):
        found = as_manager.get(TEAM, {"team": asked})
        return sorted(flat(found))

    assert shown("") == ["ours"]
    assert shown(str(other.pk)) == ["theirs", "waits there"]
    assert shown("all") == ["ours", "theirs", "waits", "waits there"]
    # Never more than without an answer, as a change to all that match would go on from there.
    hidden = TeamFactory(is_private=True)
    assert shown("nonsense") == shown("\0") == shown(str(hidden.pk)) == ["ours"]
    theirs.state, theirs.closed_at, theirs.closed_by = "done", now, theirs.owner
    theirs.outcome = "Paid"
    theirs.save()
    assert counts(as_manager.get(TEAM, {"team": "all"}))["done"] == 1
    team.manager = None
    team.save()
    assert shown("") == ["ours"]  # the team that Max is in


def test_who_is_in_no_team_sees_everybodys(client, account, agent):
    client.force_login(make_person("manager", team=None))
    TaskFactory(account=account, owner=agent)

    assert "All teams" in says(client.get(TEAM))
    assert counts(client.get(TEAM))["team"] == 1


def test_a_private_teams_tasks_are_not_there(as_manager, private_account, outsider, private_team):
    TaskFactory(account=private_account, owner=outsider)

    page = as_manager.get(TEAM, {"team": "all"})

    assert counts(page)["team"] == 0
    assert "Discreet" not in says(page)


def test_a_task_of_a_merged_customer_leads_to_the_kept_one(as_manager, account, agent, team):
    kept = AccountFactory(name="Kept", team=team)
    TaskFactory(account=AccountFactory(merged_into=kept, team=team), owner=agent)

    page = says(as_manager.get(TEAM))

    assert f'<a href="/customers/{kept.pk}/">Kept</a>' in page


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"q": "lark"}, ["alpha", "beta"]),
        ({"q": "ALPHA lark"}, ["alpha"]),
        ({"kind": "check"}, ["beta"]),
        ({"priority": "1"}, ["gamma"]),
        ({"due": "overdue"}, ["alpha"]),
        ({"due": "today"}, ["beta"]),
        ({"owner": "none"}, ["gamma"]),
        ({"owner": "999999"}, ["alpha", "beta", "gamma"]),
        ({"kind": "nonsense", "tab": "nonsense"}, ["alpha", "beta", "gamma"]),
    ],
)
def test_filters_leave_the_others_out(as_manager, account, agent, queue, now, asked, expected):
    TaskFactory(account=account, owner=agent, what="alpha", due_at=now - HOUR)
    TaskFactory(account=account, owner=agent, what="beta", kind="check", due_at=now + HOUR)
    other = AccountFactory(name="Zenith")
    later = now + 9 * DAY
    TaskFactory(account=other, owner=None, queue=queue, what="gamma", priority=1, due_at=later)

    page = as_manager.get(TEAM, asked)

    assert flat(page) == expected


def test_owner_and_queue_are_filters_too(as_manager, account, agent, manager, queue):
    TaskFactory(account=account, owner=agent, what="hers")
    TaskFactory(account=account, owner=manager, what="his", queue=queue)

    for asked, expected in [({"owner": agent.pk}, ["hers"]), ({"queue": queue.pk}, ["his"])]:
        assert flat(as_manager.get(TEAM, asked)) == expected


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({}, "This team has no open tasks."),
        ({"tab": "nobody"}, "Every task has somebody."),
        ({"tab": "escalated"}, "No task is so late"),
        ({"tab": "snoozed"}, "No task was put off."),
        ({"tab": "done"}, "Nobody has completed a task today yet."),
        ({"q": "zzz"}, "No tasks match"),
    ],
)
def test_an_empty_page_says_so(as_manager, asked, words):
    assert words in says(as_manager.get(TEAM, asked))


def test_pages_follow_each_other(as_manager, account, agent, now):
    for number in range(50):
        due_at = now + number * HOUR
        TaskFactory(account=account, owner=agent, what=f"{number:02}", due_at=due_at)

    first = as_manager.get(TEAM)
    second = as_manager.get(first.context["page"].older)
    third = as_manager.get(second.context["page"].older)
    back = as_manager.get(third.context["page"].newer)

    pages = [flat(page) for page in (first, second, third)]
    assert [each for page in pages for each in page] == [f"{number:02}" for number in range(50)]
    assert [len(page) for page in pages] == [20, 20, 10]
    assert whats(back) == whats(second)
    assert first.context["page"].newer is third.context["page"].older is None
    # The heading counts all of the group, not those of the page.
    assert sum(group.count for group in second.context["page"].groups) > 20


def test_htmx_gets_the_queue_alone(as_manager, htmx, days):
    page = says(as_manager.get(TEAM, headers=htmx("team-queue")))

    assert page.lstrip().startswith('<div id="team-queue"')
    assert "<html" not in page


def test_an_agent_has_no_team_queue(as_agent):
    assert as_agent.get(TEAM).status_code == 403


# --- by person ----------------------------------------------------------------


def test_tasks_can_stand_by_person(as_manager, account, agent, colleague, queue, now):
    for number in range(7):
        due_at = now + number * HOUR
        TaskFactory(account=account, owner=agent, what=f"a{number}", due_at=due_at)
    TaskFactory(account=account, owner=colleague, what="b")
    TaskFactory(account=account, owner=None, queue=queue, what="n")

    page = as_manager.get(TEAM, {"by": "person"})

    assert whats(page) == {
        "nobody": ["n"],
        str(agent.pk): ["a0", "a1", "a2", "a3"],
        str(colleague.pk): ["b"],
    }
    assert "Show 3 more: Ada Lovett" in says(page)
    rest = page.context["page"].groups[1].rest
    assert rest == f"{TEAM}?owner={agent.pk}"
    assert flat(as_manager.get(rest)) == [f"a{n}" for n in range(7)]


def test_people_are_paged_too(as_manager, account, team, queue):
    people = [make_person("agent", team=team, name=f"P{number:02}") for number in range(12)]
    for person in people:
        TaskFactory(account=account, owner=person)
    TaskFactory(account=account, owner=None, queue=queue)

    first = as_manager.get(TEAM, {"by": "person"})
    second = as_manager.get(first.context["page"].older)
    third = as_manager.get(second.context["page"].older)

    shown = [[group.label for group in each.context["page"].groups] for each in (first, second)]
    assert [str(label) for label in shown[0]] == ["Nobody", *(str(p) for p in people[:4])]
    assert shown[1] == [str(person) for person in people[4:9]]
    assert len(third.context["page"].groups) == 3
    assert whats(as_manager.get(third.context["page"].newer)) == whats(second)
    assert whats(as_manager.get(second.context["page"].newer)) == whats(first)
    assert first.context["page"].newer is third.context["page"].older is None


# --- load ---------------------------------------------------------------------


def test_load_is_effort_against_the_hours_of_a_week(agent, manager, account, colleague, now):
    def task(due_at, effort, **more):
        TaskFactory(account=account, owner=agent, due_at=due_at, effort=effort, **more)

    asleep = {"snoozed_by": agent, "snooze_reason": "They are away"}
    task(now - HOUR, 60)
    task(now + DAY, 90)
    task(now - HOUR, 30, snoozed_until=now + DAY, **asleep)  # comes back within the week
    task(now - HOUR, 30, snoozed_until=now + 20 * DAY, **asleep)
    task(now + 20 * DAY, 480)

    found = crew(manager, "", on=now.date())
    first, *others = loads(found.people, hours=found.hours, at=now)

    assert (first.person.pk, first.count, first.late, first.soon) == (agent.pk, 5, 60, 120)
    assert first.available == 5 * 8 * 60
    assert (first.effort, first.over, first.away_until) == (180, 0, None)
    assert first.words == ("3 h", "40 h", 0)
    assert first.parts == [
        ("late", "0.00%", "2.50%"),
        ("f1", "2.50%", "5.00%"),
        ("over", "7.50%", "0.00%"),
    ]
    assert first.cap == "100.00%"
    assert [each.person.pk for each in others] == [colleague.pk, manager.pk]


def test_too_much_is_said_and_drawn(as_manager, agent, account, now):
    for _number in range(6):
        TaskFactory(account=account, owner=agent, due_at=now + DAY, effort=480)

    page = says(as_manager.get(TEAM))

    assert "<b>48 h</b> of 40 h" in page
    assert "8 h over" in page
    assert '<rect class="over" x="83.33%" width="16.67%"' in page


def test_days_away_are_no_time(as_manager, manager, agent, now):
    absence = OutOfOfficeFactory(user=agent, starts_on=date(2026, 6, 8), ends_on=date(2026, 6, 10))
    OutOfOfficeFactory(user=agent, starts_on=date(2026, 7, 1), ends_on=date(2026, 7, 1))

    found = crew(manager, "", on=now.date() - DAY)
    first = loads(found.people, hours=found.hours, at=now)[0]

    assert (first.person.pk, first.away_until) == (agent.pk, absence.ends_on)
    # Tuesday and Wednesday are gone; of next Tuesday it is an hour and a half.
    assert first.available == (3 * 8 + 1.5) * 60
    assert "away until tomorrow" in says(as_manager.get(TEAM))


def test_who_has_left_is_shown_while_they_have_tasks(manager, team, account, now):
    gone = make_person("agent", team=team, name="Gone", is_active=False)

    def people():
        found = crew(manager, "", on=now.date())
        return {each.person.name: each for each in loads(found.people, hours=found.hours, at=now)}

    assert "Gone" not in people()
    TaskFactory(account=account, owner=gone)
    assert people()["Gone"].available == 0


def test_only_who_may_do_tasks_can_be_given_any(manager, agent, outsider, now):
    make_person("agent", name="Left", is_active=False)

    found = everybodys_loads(manager, at=now, among=workers())

    assert [each.person.name for each in found] == ["Ada Lovett", "Max Brandt", "Nour Haddad"]


def test_a_team_without_anybody_says_so(as_manager, agent):
    empty = TeamFactory()

    assert "Nobody is in this team yet." in says(as_manager.get(TEAM, {"team": empty.pk}))


# --- how much is asked --------------------------------------------------------


def test_figures_of_many_may_be_some_seconds_old(as_manager, account, agent, days, monkeypatch):
    monkeypatch.setattr(team_queries, "MANY", 3)
    assert counts(as_manager.get(TEAM))["team"] == 4
    TaskFactory(account=account, owner=agent)

    assert counts(as_manager.get(TEAM))["team"] == 4
    assert counts(as_manager.get(TEAM, {"kind": "call"}))["team"] == 5


@pytest.mark.parametrize("asked", [{}, {"by": "person"}, {"tab": "nobody"}, {"q": "call"}])
def test_a_page_asks_the_same_whatever_the_size(
    as_manager, account, team, queue, now, django_assert_max_num_queries, asked
):
    for size in (3, 20):
        for _number in range(size):
            owner = make_person("agent", team=team)
            TaskFactory(account=AccountFactory(), owner=owner, due_at=now + DAY)
            TaskFactory(account=AccountFactory(), owner=None, queue=queue, due_at=now + DAY)
        with django_assert_max_num_queries(12):
            as_manager.get(TEAM, asked)


@pytest.mark.parametrize(
    ("question", "index"),
    [
        (Question(), "tasks_task_due"),
        (Question(owner="1"), "tasks_task_of_owner"),
        (Question(tab="nobody"), "tasks_task_"),
        (Question(tab="escalated"), "tasks_task_late"),
        (Question(tab="snoozed"), "tasks_task_snoozed"),
    ],
)
def test_a_page_is_read_by_an_index(manager, agent, queue, now, question, index):
    """The order of the page comes out of an index, so that its end need not be sorted."""
    found = crew(manager, "", on=now.date())
    rows = team_queries.matching(question, found, user=manager, at=now)
    key = "snoozed_until" if question.tab == "snoozed" else "due_at"
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")
        cursor.execute("SET LOCAL enable_sort = off")
    plan = rows.for_list().order_by(key, "pk")[:26].explain()

    assert index in plan


def test_done_today_is_read_by_an_index(manager, agent, now):
    found = crew(manager, "", on=now.date())
    rows = team_queries.matching(Question(tab="done"), found, user=manager, at=now)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")

    assert "tasks_task_closed" in rows.explain()
    assert not Task.objects.exists()

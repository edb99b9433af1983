"""What somebody has to do, in their daily digest."""

from datetime import timedelta

from apps.notifications import digest
from apps.tasks.queries import today
from tests.factories.tasks import TaskFactory

HOUR = timedelta(hours=1)


def test_the_digest_counts_what_is_late_and_names_what_is_due_today(
    agent, account, now, django_assert_num_queries
):
    due = {"owner": agent, "account": account}
    for hours in (-2, -1):
        TaskFactory(due_at=now + hours * HOUR, **due)
    TaskFactory(what="Call at noon", due_at=now + 2 * HOUR, **due)
    TaskFactory(what="Late in the evening", due_at=now.replace(hour=22, minute=59), **due)
    TaskFactory(what="Tomorrow in London", due_at=now.replace(hour=23), **due)
    TaskFactory(what="Done", state="done", closed_at=now, outcome="Yes", due_at=now, **due)
    TaskFactory(what="Somebody else’s", due_at=now + HOUR, account=account)
    assert agent.hidden_teams == []

    with django_assert_num_queries(2):
        [section] = digest.sections(agent, at=now)

    assert section.title == "Your tasks today"
    assert section.lines == [
        "2 tasks are late",
        "12:30 Call at noon, Larkspur Dental",
        "23:59 Late in the evening, Larkspur Dental",
    ]


def test_who_has_nothing_to_do_is_told_nothing(agent, now):
    assert digest.sections(agent, at=now) == []


def test_a_long_day_is_cut(agent, account, now, monkeypatch):
    monkeypatch.setattr(today, "MOST", 2)
    for _ in range(3):
        TaskFactory(owner=agent, account=account, due_at=now + HOUR)

    [section] = digest.sections(agent, at=now)
    assert len(section.lines) == 2

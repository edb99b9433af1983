"""Asking a colleague to take a task."""

import datetime

import pytest

from apps.tasks import actions
from apps.tasks.models import Handoff
from tests.factories.calendars import OutOfOfficeFactory
from tests.factories.tasks import TaskFactory
from tests.factories.users import make_person


@pytest.fixture
def ask(task, agent, colleague, now):
    """Ask Bea to take Ada's task: `ask(to=…)`."""

    def hand_off(**words):
        words = {"to": colleague, "why": "You know them.", "summary": "Saved in May."} | words
        return actions.hand_off(words.pop("task", task), by=agent, at=now, **words)

    return hand_off


def test_until_it_is_accepted_it_is_the_senders(ask, task, agent, colleague, now, told):
    handoff = ask()

    task.refresh_from_db()
    assert (task.owner, handoff.answer, handoff.summary) == (agent, "", "Saved in May.")
    (payload,) = told("tasks.handed_off")
    assert (payload["receiver_id"], payload["why"]) == (colleague.pk, "You know them.")
    assert payload["handoff"] == handoff.pk


def test_asking_twice_is_asking_once_and_nobody_else_meanwhile(ask, told):
    assert ask() == ask()

    with pytest.raises(actions.HandoffWaits, match="Bea Stone was asked"):
        ask(to=make_person())
    assert len(told("tasks.handed_off")) == 1


def test_who_is_asked_is_told_why(ask):
    with pytest.raises(actions.WhyMissing):
        ask(why=" ")


def test_nobody_asks_themselves(ask, agent):
    with pytest.raises(actions.NobodyThere):
        ask(to=agent)


def test_who_is_away_or_gone_is_not_asked(ask, colleague):
    with pytest.raises(actions.CannotTake):
        ask(to=make_person(is_active=False))

    today = datetime.date(2026, 6, 9)
    OutOfOfficeFactory(user=colleague, starts_on=today, ends_on=today)
    with pytest.raises(actions.Away):
        ask()


def test_one_hands_off_what_one_has(ask, account, colleague, queue, agent, now, task):
    with pytest.raises(actions.NotYours):
        ask(task=TaskFactory(account=account, owner=colleague), to=make_person())
    with pytest.raises(actions.NobodysTask):
        ask(task=TaskFactory(account=account, owner=None, queue=queue))
    actions.complete(task, by=agent, at=now)
    with pytest.raises(actions.AlreadyClosed):
        ask()


def test_who_accepts_has_it(ask, task, colleague, now, told):
    handoff = ask()

    actions.accept(handoff, by=colleague, at=now)
    again = actions.accept(handoff, by=colleague, at=now)

    task.refresh_from_db()
    assert (task.owner, again.answer, again.answered_at) == (colleague, "accepted", now)
    (payload,) = told("tasks.handoff_answered")
    assert (payload["answer"], payload["owner"]) == ("accepted", "Bea Stone")


def test_who_declines_says_why_and_it_stays_the_senders(ask, task, agent, colleague, now, told):
    handoff = ask()
    with pytest.raises(actions.WhyMissing):
        actions.decline(handoff, by=colleague, at=now, note="")

    actions.decline(handoff, by=colleague, at=now, note="I am full.")
    actions.decline(handoff, by=colleague, at=now, note="I am full.")

    task.refresh_from_db()
    assert (task.owner, Handoff.objects.get().answer_note) == (agent, "I am full.")
    assert [each["note"] for each in told("tasks.handoff_answered")] == ["I am full."]


def test_who_asked_can_take_that_back(ask, task, agent, now):
    handoff = ask()

    assert actions.withdraw(handoff, by=agent, at=now).answer == "withdrawn"
    assert actions.withdraw(handoff, by=agent, at=now).answer == "withdrawn"
    assert ask(to=make_person()).answer == ""


def test_an_answer_stands(ask, agent, colleague, now):
    handoff = ask()
    actions.withdraw(handoff, by=agent, at=now)

    with pytest.raises(actions.HandoffAnswered, match="settled: Taken back"):
        actions.accept(handoff, by=colleague, at=now)
    with pytest.raises(actions.HandoffAnswered):
        actions.decline(handoff, by=colleague, at=now, note="No.")


def test_it_is_between_two_people(ask, agent, colleague, manager, now):
    handoff = ask()

    for act, by in [("accept", agent), ("withdraw", colleague), ("accept", manager)]:
        with pytest.raises(actions.NotYourHandoff, match="between Ada Lovett and Bea Stone"):
            getattr(actions, act)(handoff, by=by, at=now)
    with pytest.raises(actions.NotYourHandoff):
        actions.decline(handoff, by=agent, at=now, note="No.")

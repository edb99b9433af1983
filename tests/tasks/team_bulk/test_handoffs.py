"""Hand-offs that wait when many tasks are changed at once, and when that is undone."""

from django.utils import timezone

from apps.tasks import actions
from tests.factories.tasks import HandoffFactory, TaskFactory


def test_handoffs_that_wait_are_taken_back(run, account, agent, colleague, manager):
    handoff = HandoffFactory(task__account=account, task__owner=agent, receiver=colleague)

    run("tasks.assign", [handoff.task], to=manager.pk, queue=None, why="")

    handoff.refresh_from_db()
    assert handoff.answer == "withdrawn"


def test_an_undo_lets_a_hand_off_wait_again(run, take_back, account, agent, colleague, manager):
    task = TaskFactory(account=account, owner=agent)
    handoff = HandoffFactory(task=task, receiver=colleague)
    for kind, arguments in [
        ("tasks.assign", {"to": manager.pk, "queue": None, "why": ""}),
        ("tasks.cancel", {"why": "They moved"}),
    ]:
        change = run(kind, [task], **arguments)
        handoff.refresh_from_db()
        assert handoff.answer == "withdrawn"

        take_back(change)
        handoff.refresh_from_db()
        assert (handoff.answer, handoff.answered_at) == ("", None)

    actions.accept(handoff, by=colleague, at=timezone.now())


def test_what_was_asked_since_is_taken_back(
    run, take_back, account, agent, colleague, manager, now
):
    task = TaskFactory(account=account, owner=agent)
    asked = HandoffFactory(task=task, receiver=manager)
    change = run("tasks.assign", [task], to=colleague.pk, queue=None, why="")
    words = {"why": "I am full", "summary": "", "by": colleague, "at": now}
    since = actions.hand_off(task, to=manager, **words)

    take_back(change)

    for handoff, answer in ((asked, ""), (since, "withdrawn")):
        handoff.refresh_from_db()
        assert handoff.answer == answer


def test_whoever_left_meanwhile_is_not_asked_again(
    run, take_back, account, agent, colleague, manager
):
    handoff = HandoffFactory(task__account=account, task__owner=agent, receiver=colleague)
    change = run("tasks.assign", [handoff.task], to=manager.pk, queue=None, why="")
    colleague.is_active = False
    colleague.save()

    take_back(change)

    handoff.refresh_from_db()
    assert handoff.answer == "withdrawn"

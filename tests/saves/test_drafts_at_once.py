"""Keeping and logging at the same moment."""

import threading

import pytest
from django.db import DatabaseError, IntegrityError, connections, transaction

from apps.saves import actions
from apps.saves.actions import drafts
from apps.saves.models import Draft, SaveCase
from tests.factories.reasons import ReasonFactory
from tests.factories.saves import DraftFactory


def words(draft):
    return draft.answers["verbatim"][0]


def at_once(count, act):
    """Call `act(number)` in so many threads at the same moment; return what went wrong."""
    barrier, problems = threading.Barrier(count), []

    def run(number):
        try:
            barrier.wait(20)
            act(number)
        except (DatabaseError, drafts.NotKept) as problem:
            problems.append(problem)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return problems


@pytest.mark.django_db(transaction=True)
def test_many_first_keepings_at_once_make_one_draft_and_lose_no_words(opening, keep):
    problems = at_once(8, lambda number: keep(opening, str(number), verb=drafts.restore))

    assert problems == []
    draft = Draft.objects.get()
    said = {words(draft), *(each["answers"]["verbatim"][0] for each in draft.asides)}
    assert said == {str(number) for number in range(8)}


@pytest.mark.django_db(transaction=True)
def test_the_database_holds_one_open_draft_of_an_agent_and_a_customer(account, agent):
    DraftFactory(account=account, agent=agent)

    with pytest.raises(IntegrityError, match="saves_draft_one_open"), transaction.atomic():
        DraftFactory(account=account, agent=agent)


@pytest.mark.django_db(transaction=True)
def test_keeping_and_logging_at_once_leave_no_draft_behind(account, agent, opening, keep, now):
    reason = ReasonFactory()

    def act(number):
        if number:
            keep(opening, str(number), verb=drafts.restore)
        else:
            actions.log(
                opening,
                by=agent,
                at=now,
                reason=reason,
                verbatim="Too dear.",
                outcome="stayed",
                seconds=90,
            )

    problems = at_once(6, act)

    assert [each for each in problems if not isinstance(each, drafts.Logged)] == []
    assert SaveCase.objects.count() == 1
    assert not Draft.objects.open().exists()

"""Form keys count once; settings are one row."""

import threading
import uuid
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from apps.core import jobs
from apps.workspace import actions, queries
from apps.workspace.models import FormKey, Workspace
from tests.factories.users import UserFactory
from tests.factories.workspace import FormKeyFactory, WorkspaceFactory


def test_a_new_key_is_ours_and_a_used_one_leads_to_its_result(agent, now):
    key = actions.new_key()

    assert actions.claim(key, by=agent, purpose="note", at=now) is None
    actions.settle(key, result=42)

    assert actions.claim(key, by=agent, purpose="note", at=now) == "42"


def test_every_key_is_another():
    assert len({actions.new_key() for _ in range(100)}) == 100


def test_the_key_of_somebody_else_or_of_another_form_is_not_honoured(agent, manager, now):
    key = actions.new_key()
    actions.claim(key, by=agent, purpose="note", at=now)

    for stranger, purpose in ((manager, "note"), (agent, "save")):
        with pytest.raises(ValueError, match="another form"):
            actions.claim(key, by=stranger, purpose=purpose, at=now)


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_one_makes_the_thing(now):
    user, key = UserFactory(), uuid.uuid4()
    gate, answers = threading.Barrier(8), []

    def send():
        gate.wait()
        with transaction.atomic():
            earlier = actions.claim(key, by=user, purpose="note", at=now)
            if earlier is None:
                actions.settle(key, result="made")
        answers.append(earlier)
        connection.close()

    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(answers, key=str) == [None, *["made"] * 7]


@pytest.mark.django_db(transaction=True)
def test_a_key_whose_form_failed_is_free_again(now):
    user, key = UserFactory(), uuid.uuid4()

    with pytest.raises(RuntimeError), transaction.atomic():
        actions.claim(key, by=user, purpose="note", at=now)
        raise RuntimeError

    with transaction.atomic():
        assert actions.claim(key, by=user, purpose="note", at=now) is None


def test_old_keys_are_swept_by_the_worker(db, ran_jobs):
    fresh = FormKeyFactory()
    assert "workspace.forget_old_keys" not in jobs.ring_due()
    FormKeyFactory(created_at=timezone.now() - timedelta(days=8))

    assert "workspace.forget_old_keys" in jobs.ring_due()
    ran_jobs()

    assert FormKey.objects.get() == fresh


def test_before_anybody_saved_settings_there_are_defaults(db):
    assert (queries.current().name, queries.current().currency) == ("Mainstay", "GBP")
    assert Workspace.objects.count() == 0


def test_settings_are_saved_into_the_one_row(db):
    actions.save_settings(Workspace(name="Tidewell"))
    actions.save_settings(Workspace(pk=7, name="Tidewell Two"))

    assert Workspace.objects.get().name == "Tidewell Two"
    assert queries.current().pk == 1


def test_the_database_refuses_a_second_row(db):
    WorkspaceFactory()

    with pytest.raises(IntegrityError):
        WorkspaceFactory(id=2)

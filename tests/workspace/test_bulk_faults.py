"""A bulk change whose worker is killed."""

import os
import signal
import subprocess
import sys
import uuid

import pytest
from django.db import connection
from django.utils import timezone

from apps.accounts.models import Account
from apps.history.models import Event
from apps.workspace.actions import bulk
from tests.factories.accounts import AccountFactory
from tests.factories.users import make_person


@pytest.mark.processes
@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_before_its_commit_loses_nothing_and_repeats_nothing(tmp_path):
    manager, now = make_person("manager"), timezone.now()
    AccountFactory.create_batch(5, owner=None)
    change = bulk.preview(
        "accounts.owner",
        rows=Account.objects.order_by("pk").values_list("pk", "name"),
        by=manager,
        at=now,
        key=uuid.uuid4(),
        arguments={"owner": manager.pk},
    )
    bulk.confirm(change, by=manager, at=now)

    environment = os.environ | {
        "TEST_FAILPOINT": f"bulk_before_commit:{tmp_path / 'died'}",
        "MAINSTAY_TEST_DATABASE": connection.settings_dict["NAME"],
    }
    worker = subprocess.run(
        [sys.executable, "-m", "tests.workspace.child"], env=environment, check=False
    )

    assert worker.returncode == -signal.SIGKILL
    changed = Event.objects.of_kinds(["accounts.owner_changed"])
    assert (Account.objects.filter(owner=manager).count(), changed.count()) == (0, 0)
    assert bulk.work(change).done == 0  # the lease still holds

    change = bulk.work(change, clock=lambda: timezone.now() + bulk.LEASE)

    assert (change.state, change.done) == ("done", 5)
    assert (Account.objects.filter(owner=manager).count(), changed.count()) == (5, 5)

"""A view that was removed comes back as it was, for ten minutes."""

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError

from apps.core import jobs
from apps.workspace import actions, queries
from apps.workspace.models import DefaultView, SavedView, ViewPick
from tests.factories.workspace import SavedViewFactory

MINUTE = timedelta(minutes=1)


def save(by, at, **more):
    given = {"name": "High value", "query": "tier=high", "columns": [], **more}
    return actions.save_view(**given, by=by, at=at)


def opens(user, role=None):
    view = queries.default_among(queries.views_of(user, "customers", role=role))
    return view and view.name


def test_it_comes_back_with_shares_picks_and_defaults(agent, manager, now):
    view = save(manager, now, sharing="everyone", is_picked=True)
    actions.pick(view, [1, 2], by=agent, at=now)
    actions.set_default(view, by=agent)
    actions.set_default(view, by=manager, role="manager")

    for _ in range(2):
        actions.remove_view(view, by=manager, at=now)
    assert (opens(agent), opens(manager, "manager")) == (None, None)
    assert queries.picked_views(agent, "customers", subject_id=1) == []

    for _ in range(2):
        back = actions.restore_view(view, by=manager, at=now + 9 * MINUTE)
    assert (back.name, back.sharing) == ("High value", "everyone")
    assert (opens(agent), opens(manager, "manager")) == ("High value", "High value")
    assert queries.picked_views(agent, "customers", subject_id=1)[0].holds


def test_who_chose_another_view_meanwhile_keeps_it(agent, now):
    view, other = save(agent, now), save(agent, now, name="Other")
    actions.set_default(view, by=agent)
    actions.remove_view(view, by=agent, at=now)
    actions.set_default(other, by=agent)

    actions.restore_view(view, by=agent, at=now)

    assert opens(agent) == "Other"


def test_its_name_is_free_meanwhile_and_may_be_taken_by_then(agent, now):
    view = save(agent, now)
    actions.remove_view(view, by=agent, at=now)
    newer = save(agent, now, name="high VALUE")

    with pytest.raises(actions.ViewNameGoneOn, match="Another view has this name"):
        actions.restore_view(view, by=agent, at=now)

    actions.change_view(newer, by=agent, version=1, name="Newer")
    actions.restore_view(view, by=agent, at=now)
    with pytest.raises(IntegrityError):
        SavedViewFactory(owner=agent, name="High value")


def test_after_ten_minutes_and_for_others_it_stays_removed(agent, manager, now):
    view = save(agent, now)
    actions.remove_view(view, by=agent, at=now)

    with pytest.raises(actions.ViewNotYours):
        actions.restore_view(view, by=manager, at=now)
    with pytest.raises(actions.ViewUndoTooLate, match="ten minutes"):
        actions.restore_view(view, by=agent, at=now + 10 * MINUTE)
    assert SavedView.objects.removed().get() == view


def test_what_was_removed_is_swept_after_a_day(agent, now, ran_jobs):
    view = save(agent, now, is_picked=True)
    actions.pick(view, [1], by=agent, at=now)
    actions.set_default(view, by=agent)
    save(agent, now, name="Kept")
    actions.remove_view(view, by=agent, at=now)
    with time_machine.travel(now + timedelta(hours=23), tick=False):
        assert "workspace.forget_removed_views" not in jobs.ring_due()
    with time_machine.travel(now + timedelta(hours=25), tick=False):
        assert "workspace.forget_removed_views" in jobs.ring_due()
        ran_jobs()

    assert [each.name for each in SavedView.objects.all()] == ["Kept"]
    assert not ViewPick.objects.exists()
    assert not DefaultView.objects.exists()
    with pytest.raises(actions.ViewGone):
        actions.restore_view(view, by=agent, at=now)

"""Telling people what became of many tasks at once: one notice each, not one for each task."""

from django.db.models import Count

from apps.history import actions as history
from apps.tasks.models import Task
from apps.users.models import User
from apps.workspace.actions.bulk import CHUNK


def tell_of_many(change, *, did, by, at):
    """Tell those who have the tasks of a change how many of theirs it was.

    And whoever asked for it, where it took so long that it went on without them.

    Args:
        change: a change to many tasks, of which the last ones were just changed.
        did: what was done to them: "given", "moved" or "cancelled".
        by: the person.
        at: now.
    """
    tasks = Task.objects.filter(pk__in=change.rows.filter(outcome="done").values("subject_id"))
    owned = tasks.exclude(owner=None).exclude(owner=by).order_by().values_list("owner")
    counts = dict(owned.annotate(count=Count("pk")))
    for person in _people(counts):
        history.record(
            "tasks.many_changed",
            timeline=person.member.timeline,
            by=by,
            at=at,
            subject=person,
            key=f"tasks.many-changed:{change.pk}:{person.pk}",
            did=did,
            count=counts[person.pk],
            told_id=person.pk,
        )
    if change.total > CHUNK:
        _tell_who_asked(change, by=by, at=at)


def _people(pks):
    """Return the people who can be told, in the order in which their timelines are taken."""
    rows = User.objects.filter(pk__in=pks, is_active=True, member__isnull=False)
    return rows.select_related("member__timeline").order_by("member__timeline")


def _tell_who_asked(change, *, by, at):
    for person in _people([by.pk]):
        history.record(
            "tasks.many_through",
            timeline=person.member.timeline,
            by=None,  # who did something is told nothing of it
            at=at,
            subject=person,
            key=f"tasks.many-through:{change.pk}",
            label=change.label,
            done=change.done,
            skipped=change.skipped,
            failed=change.failed,
            told_id=person.pk,
        )

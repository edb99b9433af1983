"""Telling people what became of many tasks at once: one notice each, not one for each task."""

from django.db.models import BigIntegerField, Count
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from apps.history import actions as history
from apps.tasks.models import Task
from apps.users.models import User
from apps.workspace.actions.bulk import CHUNK


def tell_of_many(change, *, did, by, at):
    """Tell those whose tasks a change was made to how many of theirs it was.

    And whoever asked for it, where it took so long that it went on without them.

    Args:
        change: a change to many tasks, of which the last ones were just changed.
        did: what was done to them: "given", "moved" or "cancelled".
        by: the person.
        at: now.
    """
    _tell(change, change.rows.filter(outcome="done"), "owner_id", did=did, by=by, at=at)
    if change.total > CHUNK:
        _tell_who_asked(change, by=by, at=at)


def tell_of_undo(change, *, did, by, at):
    """Tell those whose tasks were put back how many of theirs it was.

    Args:
        change: one of which the last tasks were just put back.
        did: what that did to them: "given", "moved" or "reopened".
        by: the person.
        at: now.
    """
    _tell(change, change.rows.filter(undo="restored"), "had", did=did, by=by, at=at)


def _tell(change, rows, former, *, did, by, at):
    """Tell of rows of a change: those who have the tasks, and those who had them until now.

    Args:
        change: which.
        rows: of it.
        former: what a row keeps the id of who had its task as, if that was somebody.
        did: what was done.
        by: the person.
        at: now.
    """
    tasks = Task.objects.filter(pk__in=rows.values("subject_id"))
    told = _counted(did, tasks.values_list("owner"), by=by)
    if did == "given":
        had = rows.annotate(had=Cast(KeyTextTransform(former, "before"), BigIntegerField()))
        # One change gives nobody some and takes others from them.
        told = _counted("taken", had.values_list("had"), by=by) | told
    for person in _people(told):
        what, count = told[person.pk]
        history.record(
            "tasks.many_changed",
            timeline=person.member.timeline,
            by=by,
            at=at,
            subject=person,
            key=f"tasks.many-changed:{change.pk}:{former}:{person.pk}",
            did=what,
            count=count,
            told_id=person.pk,
        )


def _counted(did, people, *, by):
    """Return what was done and how often by the id of each, but for who did it."""
    counts = people.order_by().annotate(count=Count("pk"))
    return {pk: (did, count) for pk, count in counts if pk not in {None, by.pk}}


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

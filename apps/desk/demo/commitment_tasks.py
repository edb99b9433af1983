"""The tasks of what was said on calls and is still open, as if each had been made with it."""

from apps.history.models import Event
from apps.saves import rules
from apps.saves.models import Commitment
from apps.tasks.models import Task
from apps.tasks.queries.working import hours_of_people
from apps.users.models import User

AT_ONCE = 500


def make():
    """Give every open commitment its task, and the history of its customer the word of it."""
    hours = hours_of_people(User.objects.all())
    rows = Commitment.objects.open().filter(task=None).order_by("pk")
    while said := list(rows.select_related("account__merged_into", "owner")[:AT_ONCE]):
        tasks = Task.objects.bulk_create(_task(each, hours) for each in said)
        for each, task in zip(said, tasks, strict=True):
            each.task, each.reckoned_at = task, task.due_at
        Commitment.objects.bulk_update(said, ["task", "reckoned_at"])
        Event.objects.bulk_create(_event(each) for each in said)


def _task(said, hours):
    zone = said.owner.time_zone
    return Task(
        account=said.account.merged_into or said.account,
        what=said.text,
        kind=Task.Kind.OTHER,
        owner=said.owner,
        due_at=rules.due_moment(hours[said.owner_id], zone, said.due_on, said.made_at),
        origin=Task.Origin.COMMITMENT,
        cause=f"commitment:{said.pk}",
        made_by_id=said.made_by_id,
        made_at=said.made_at,
    )


def _event(said):
    return Event(
        timeline_id=said.task.account.timeline_id,
        kind="tasks.created",
        happened_at=said.made_at,
        recorded_at=said.made_at,
        actor_id=said.made_by_id,
        payload={
            "title": said.text,
            "owner": str(said.owner),
            "owner_id": said.owner_id,
            "queue": "",
            "due_at": said.task.due_at.isoformat(),
            "origin": "commitment",
        },
        subject_label="tasks.task",
        subject_id=said.task.pk,
    )

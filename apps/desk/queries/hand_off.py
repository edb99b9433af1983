"""What somebody who takes a task over should know of the customer, in lines of plain text."""

from django.utils.translation import gettext as _

from apps.accounts import family
from apps.core.templatetags.mainstay import day
from apps.saves.models import Commitment, SaveCase
from apps.tasks.models import Task

COMMITMENTS, TASKS = 5, 5


def to_know(task):
    """Draw up what the receiver of a task should know: the last call, our word, what else is open.

    Args:
        task: with its customer.
    """
    records = family.of(task.account.merged_into or task.account).pks
    lines = [*_last_call(records), *_committed(records), *_also_open(records, task)]
    return "\n".join(lines)


def _last_call(records):
    calls = SaveCase.objects.filter(account__in=records).order_by("-opened_at", "-pk")
    for call in calls[:1]:
        words = {
            "day": day(call.opened_at, "in"),
            "outcome": call.get_outcome_display().lower(),
            "reason": call.reason_text,
        }
        yield _("Last call %(day)s: %(outcome)s, because of %(reason)s.") % words
        if call.verbatim:
            yield _("They said: “%(words)s”") % {"words": call.verbatim}


def _committed(records):
    rows = Commitment.objects.filter(account__in=records, state=Commitment.State.OPEN)
    for row in rows.select_related("owner").order_by("due_on", "pk")[:COMMITMENTS]:
        words = {"text": row.text, "name": row.owner, "day": day(row.due_on, "in")}
        yield _("We said: %(text)s (%(name)s, by %(day)s).") % words


def _also_open(records, task):
    rows = Task.objects.open().filter(account__in=records).exclude(pk=task.pk)
    for row in rows.select_related("owner").soonest_first()[:TASKS]:
        words = {"what": row.what, "name": row.owner or _("nobody yet")}
        yield _("Also open: %(what)s (%(name)s).") % words

"""Asking the stand-in to take what is due while somebody is away."""

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from apps.tasks import summary
from apps.tasks.actions.common import hold_many
from apps.tasks.actions.handing import hand_off, withdraw
from apps.tasks.actions.refusals import TaskRefused
from apps.tasks.queries import covering


@transaction.atomic
def offer(event, *, at):
    """Offer the stand-in what is due until somebody is back; each they accept or decline.

    What they can't take stays where it is, and so does what a colleague was asked to take.

    Args:
        event: somebody said that they will be away.
        at: now.
    """
    absence = covering.absence_of(event)
    if absence is None:
        return
    asked = {"to": absence.stand_in, "why": _why(event), "by": absence.user, "at": at}
    for task in hold_many([task.pk for task in covering.due_while(absence, at=at)]):
        try:
            hand_off(task, summary=summary.of(task), **asked)
        except TaskRefused:
            continue


@transaction.atomic
def take_back(event, *, at):
    """Take back what was offered for an absence that somebody took back."""
    why = _why(event)
    hold_many([handoff.task_id for handoff in covering.offered(event, why)])
    # Asked again: some were answered while this one waited for their rows.
    for handoff in covering.offered(event, why):
        withdraw(handoff, by=handoff.sender, at=at)


def _why(event):
    first, last = (date_format(day, "j F Y") for day in covering.days(event))
    return _("I am away from %(first)s to %(last)s.") % {"first": first, "last": last}

"""Asking the stand-in to take what is due while somebody is away."""

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from apps.calendars.models import OutOfOffice
from apps.tasks import summary
from apps.tasks.actions.common import hold_many, one_by_one
from apps.tasks.actions.handing import hand_off, withdraw
from apps.tasks.actions.refusals import TaskRefused
from apps.tasks.models import Cover
from apps.tasks.queries import covering


@transaction.atomic
def offer(event, *, at):
    """Offer the stand-in what is due until somebody is back; each they accept or decline.

    What they can't take stays where it is, and so does what a colleague was asked to take.

    Args:
        event: somebody said that they will be away.
        at: now.
    """
    if absence := covering.absence_of(event):
        _ask(absence, at=at)


def cover(*, at, limit=100):
    """Offer stand-ins what is left of those who are away since today. Safe to call twice.

    Args:
        at: now.
        limit: how many absences in one run.

    Returns:
        How many there were.
    """
    return one_by_one(covering.begun(at, limit=limit), _cover, at=at)


@transaction.atomic
def _cover(pk, *, at):
    rows = OutOfOffice.objects.select_related("user", "stand_in")
    absence = rows.select_for_update(of=["self"], skip_locked=True).filter(pk=pk).first()
    if absence is None or Cover.objects.filter(absence=absence).exists():
        return False
    Cover.objects.create(absence=absence, offered_at=at)
    _ask(absence, at=at)
    return True


def _ask(absence, *, at):
    why = _why(absence.starts_on, absence.ends_on)
    asked = {"to": absence.stand_in, "why": why, "by": absence.user, "at": at}
    for task in hold_many([task.pk for task in covering.due_while(absence, why=why, at=at)]):
        try:
            hand_off(task, summary=summary.of(task), **asked)
        except TaskRefused:
            continue


@transaction.atomic
def take_back(event, *, at):
    """Take back what was offered for an absence that somebody took back."""
    why = _why(*covering.days(event))
    hold_many([handoff.task_id for handoff in covering.offered(event, why)])
    # Asked again: some were answered while this one waited for their rows.
    for handoff in covering.offered(event, why):
        withdraw(handoff, by=handoff.sender, at=at)


def _why(*days):
    first, last = (date_format(day, "j F Y") for day in days)
    return _("I am away from %(first)s to %(last)s.") % {"first": first, "last": last}

"""Handoff: a task that one person asks another one to take."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.tasks.models.task import Task


class Handoff(models.Model):
    """A task on its way from one person to another; until it is accepted it is the sender's."""

    class Answer(models.TextChoices):
        """What the receiver said, or the sender in the meantime."""

        PENDING = "", _("Waiting for an answer")
        ACCEPTED = "accepted", _("Accepted")
        DECLINED = "declined", _("Declined")
        WITHDRAWN = "withdrawn", _("Taken back")

    task = models.ForeignKey(Task, models.PROTECT, related_name="handoffs")
    sender = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    receiver = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    why = models.CharField(_("why"), max_length=500)
    # What the receiver has to know, as it was when it was sent: lines of plain text.
    summary = models.CharField(max_length=4000, blank=True)
    sent_at = models.DateTimeField()
    answer = models.CharField(max_length=9, choices=Answer, default=Answer.PENDING, blank=True)
    answered_at = models.DateTimeField(null=True)
    answer_note = models.CharField(_("note"), max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["task"], condition=Q(answer=""), name="tasks_handoff_one_pending"
            ),
            models.CheckConstraint(
                condition=Q(answer__in=["", "accepted", "declined", "withdrawn"]),
                name="tasks_handoff_answer",
            ),
            models.CheckConstraint(
                condition=Q(answer="", answered_at=None)
                | (~Q(answer="") & Q(answered_at__isnull=False)),
                name="tasks_handoff_answered_whole",
            ),
            models.CheckConstraint(
                condition=~Q(sender=F("receiver")), name="tasks_handoff_to_another"
            ),
            # Who declines says why.
            models.CheckConstraint(
                condition=~Q(answer="declined") | ~Q(answer_note=""), name="tasks_handoff_why_not"
            ),
        ]
        indexes = [
            # What somebody is asked to take, on their queue.
            models.Index(
                fields=["receiver"], condition=Q(answer=""), name="tasks_handoff_to_answer"
            ),
        ]

    def __str__(self):
        return f"Task {self.task_id} from {self.sender_id} to {self.receiver_id} {self.pk}"

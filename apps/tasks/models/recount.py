"""Recount: every moment said in working time is looked at, since working time changed."""

from django.db import models
from django.db.models import Q


class Recount(models.Model):
    """Looking at all tasks whose moment depends on working time, a batch at a time.

    A row of its own, so that a worker that dies on the way leaves nothing half done for ever.
    """

    # The same change asks once: "event:42".
    cause = models.CharField(max_length=40, unique=True)
    asked_at = models.DateTimeField()
    # The id of the last task that was looked at.
    reached = models.BigIntegerField(default=0)
    done_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            # The ticker's question whether anything is left to do.
            models.Index(fields=["id"], condition=Q(done_at=None), name="tasks_recount_left"),
        ]

    def __str__(self):
        return f"{self.cause} {self.pk}"

"""Watch: whether a saved customer stayed saved."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Account
from apps.saves.models.case import SaveCase


class Rung(models.TextChoices):
    """How far a save has proved itself; a save is no success before it is verified."""

    DEFLECTED = "deflected", _("Deflected")
    VERIFIED_30 = "verified_30", _("Verified for 30 days")
    VERIFIED_90 = "verified_90", _("Verified for 90 days")
    VERIFIED_180 = "verified_180", _("Verified for 180 days")
    TRIED_AGAIN = "tried_again", _("Tried again")
    LEFT = "left", _("Left")
    UNKNOWN = "unknown", _("Unknown")


class Watch(models.Model):
    """Where the last save of a customer stands, computed from facts and kept for lists.

    The facts are the cases and the dates of the account; this row can be made anew from them.
    """

    case = models.OneToOneField(SaveCase, models.PROTECT, related_name="watch")
    account = models.ForeignKey(Account, models.PROTECT, related_name="watches")
    rung = models.CharField(max_length=12, choices=Rung, default=Rung.DEFLECTED)
    saved_on = models.DateField()  # in the account's zone
    day = models.PositiveIntegerField(default=0, help_text=_("Of trying again or leaving."))
    why = models.CharField(max_length=200, blank=True)  # of not knowing
    # When the next rung may be reached; empty when it is over.
    next_on = models.DateField(null=True)
    changed_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "watches"
        constraints = [
            models.CheckConstraint(condition=Q(rung__in=Rung.values), name="saves_watch_rung"),
            models.CheckConstraint(
                condition=~Q(rung="unknown") | ~Q(why=""), name="saves_watch_unknown_why"
            ),
        ]
        indexes = [
            # The customer page, and filters of the list.
            models.Index(fields=["account", "rung"], name="saves_watch_account"),
            # Which the worker has to look at today.
            models.Index(
                fields=["next_on"], condition=Q(next_on__isnull=False), name="saves_watch_due"
            ),
        ]

    def __str__(self):
        return f"Watch of case {self.case_id}"

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
    """Where one save of a customer stands, computed from facts and kept for lists.

    The facts are the cases, the dates of the account and what came in about it since; all but
    `heard_on` can be made anew from them. Of a chain of calls the last one alone is watched,
    and only when they stayed.
    """

    case = models.OneToOneField(SaveCase, models.PROTECT, related_name="watch")
    # The record that the customer is shown as: reckoning follows merging and parting, so that
    # a list finds its customers by this column alone.
    account = models.ForeignKey(Account, models.PROTECT, related_name="watches")
    rung = models.CharField(max_length=12, choices=Rung, default=Rung.DEFLECTED)
    saved_on = models.DateField()  # in the account's zone
    day = models.PositiveIntegerField(default=0, help_text=_("Of trying again or leaving."))
    # Of not knowing: a key of `watches.WHYS`.
    why = models.CharField(max_length=200, blank=True)
    # When it has to be looked at again; empty when it is over.
    next_on = models.DateField(null=True)
    # The customer's newest save: the one that lists and filters speak of.
    is_last = models.BooleanField(default=True, db_default=True)
    # When a file of customers first named them after the save: they are there, it says.
    heard_on = models.DateField(null=True)
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
            # The customer list's filter: whose newest save stands on these rungs.
            models.Index(
                fields=["rung", "account"], condition=Q(is_last=True), name="saves_watch_last"
            ),
            # Which the worker has to look at today.
            models.Index(
                fields=["next_on"], condition=Q(next_on__isnull=False), name="saves_watch_due"
            ),
        ]

    def __str__(self):
        return f"Watch of case {self.case_id}"

"""Draft: a call that is not logged yet, with everything that was typed."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from apps.accounts.models import Account
from apps.saves.models.case import SaveCase


class DraftQuerySet(models.QuerySet):
    """Sets of drafts."""

    def open(self):
        """Neither finished nor dropped."""
        return self.filter(case=None, dropped_at=None)


class Draft(models.Model):
    """What an agent has typed about a call so far; kept until it is logged or dropped.

    It is made by the first thing that is typed, under the key of the call.
    """

    key = models.UUIDField(unique=True)
    account = models.ForeignKey(Account, models.PROTECT, related_name="+")
    agent = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    # How the call began, as the page brought it: signed.
    opening = models.TextField()
    # As the form was posted: field name → list of texts.
    answers = models.JSONField(default=dict)
    # What another tab had typed when this one was preferred: [{"kept_at": …, "answers": …}, …].
    asides = models.JSONField(default=list)
    # Goes up with every keeping; a tab that saw an older one is told.
    version = models.PositiveIntegerField(default=1)
    opened_at = models.DateTimeField()
    kept_at = models.DateTimeField()
    case = models.OneToOneField(SaveCase, models.PROTECT, null=True, related_name="draft")
    dropped_at = models.DateTimeField(null=True)
    drop_reason = models.CharField(max_length=200, blank=True)

    objects = DraftQuerySet.as_manager()

    class Meta:
        constraints = [
            # However many tabs are open, an agent has one call with a customer at a time.
            models.UniqueConstraint(
                fields=["agent", "account"],
                condition=Q(case=None, dropped_at=None),
                name="saves_draft_one_open",
            ),
            models.CheckConstraint(
                condition=Q(case=None) | Q(dropped_at=None), name="saves_draft_one_end"
            ),
            models.CheckConstraint(
                condition=Q(dropped_at=None) | ~Q(drop_reason=""), name="saves_draft_dropped_why"
            ),
        ]
        indexes = [
            # "Finish your drafts" on Today.
            models.Index(
                fields=["agent", "-kept_at"],
                condition=Q(case=None, dropped_at=None),
                name="saves_draft_open",
            ),
        ]

    def __str__(self):
        return f"Draft {self.pk}"

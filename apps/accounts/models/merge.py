"""Merge: two records that turned out to be one customer."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from apps.accounts.models.account import Account

# For so long the two can be parted again.
UNMERGE_FOR = timedelta(days=30)


class Merge(models.Model):
    """One record given up in favour of another, with all that parting them again needs.

    The record given up keeps its row and its timeline, whose events are shown with the other's
    and never rewritten. Its contacts and identities move over; their ids are kept here.
    """

    kept = models.ForeignKey(Account, models.PROTECT, related_name="merges")
    given_up = models.ForeignKey(Account, models.PROTECT, related_name="+")
    merged_at = models.DateTimeField()
    merged_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    # Fields of the kept record that took the other's value: {field: [before, after]}, each side
    # the stored values of the field's columns.
    taken = models.JSONField(default=dict)
    # What moved: contacts (id: print of their details), identities, records merged into the
    # other one before, picks of views made for it, and what gave way; see `actions.merge`.
    moved = models.JSONField(default=dict)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(kept=F("given_up")), name="accounts_merge_of_two"),
            # A record can be given up once at a time.
            models.UniqueConstraint(
                fields=["given_up"],
                condition=Q(undone_at=None),
                name="accounts_merge_given_up_once",
            ),
            models.CheckConstraint(
                condition=Q(undone_at=None, undone_by=None) | Q(undone_at__isnull=False),
                name="accounts_merge_undone_whole",
            ),
        ]

    def __str__(self):
        return f"Account {self.given_up_id} into {self.kept_id}"

    @property
    def undo_until(self):
        """When the thirty days are over."""
        return self.merged_at + UNMERGE_FOR

    def can_undo(self, at):
        """True for thirty days, once."""
        return self.undone_at is None and at < self.undo_until

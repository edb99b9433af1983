"""BulkChange: one change to many rows, with a result for each and one undo."""

import hashlib
import json
import uuid
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

# After the last row was changed.
UNDO_FOR = timedelta(minutes=10)
# A preview that nobody confirmed, and results that nobody asks for any more.
PREVIEW_KEPT = timedelta(days=1)
RESULTS_KEPT = timedelta(days=90)


class BulkChangeQuerySet(models.QuerySet):
    """Sets of bulk changes."""

    def at_work(self):
        """Confirmed or being undone, and not through yet."""
        return self.filter(state__in=[BulkChange.State.RUNNING, BulkChange.State.UNDOING])

    def due(self, at):
        """At work, and nobody is working on it."""
        return self.at_work().filter(leased_until__lte=at)

    def visible_to(self, user):
        """Changes whose results a person may read: their own, an admin everybody's."""
        return self if user.has_perm("workspace.view_bulkchange") else self.filter(by=user)

    def confirmed(self):
        """Changes that began."""
        return self.exclude(state=BulkChange.State.PREVIEW)

    def forgotten(self, at):
        """Previews and results that have been kept for long enough."""
        return self.filter(
            Q(state=BulkChange.State.PREVIEW, created_at__lt=at - PREVIEW_KEPT)
            | Q(finished_at__lt=at - RESULTS_KEPT)
        )


class BulkChange(models.Model):
    """What somebody asked to be done to many rows: first a preview, then the deed, then undo.

    The rows are fixed when the preview is made, so what is confirmed is what was shown.
    """

    class State(models.TextChoices):
        """How far it is."""

        PREVIEW = "preview", _("Preview")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        UNDOING = "undoing", _("Being undone")
        UNDONE = "undone", _("Undone")

    # Also the form key of the preview: asked twice, there is one.
    key = models.UUIDField(unique=True, default=uuid.uuid4)
    kind = models.CharField(max_length=60, help_text=_("What is done, such as accounts.owner."))
    arguments = models.JSONField(default=dict)
    label = models.CharField(max_length=200, help_text=_("What is done, in words."))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    state = models.CharField(max_length=8, choices=State, default=State.PREVIEW)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    skipped = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    restored = models.PositiveIntegerField(default=0)
    spared = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    # Whoever works on it holds it until then; a worker that dies lets go by itself.
    leased_until = models.DateTimeField()

    objects = BulkChangeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["preview", "running", "done", "undoing", "undone"]),
                name="workspace_bulkchange_state",
            ),
            models.CheckConstraint(
                condition=Q(total__gte=models.F("done") + models.F("skipped") + models.F("failed")),
                name="workspace_bulkchange_adds_up",
            ),
        ]
        indexes = [
            # The ticker's question whether any is waiting: few, asked every few seconds.
            models.Index(
                fields=["leased_until"],
                condition=Q(state__in=["running", "undoing"]),
                name="workspace_bulkchange_due",
            ),
            # "My bulk changes", newest first.
            models.Index(fields=["by", "-id"], name="workspace_bulkchange_mine"),
        ]

    def __str__(self):
        return f"{self.label} ({self.state}) {self.pk}"

    @property
    def shown(self):
        """What a preview says is done, and to how many, in short: its form sends it back."""
        said = json.dumps([self.arguments, self.label, self.total], sort_keys=True)
        return hashlib.sha256(said.encode()).hexdigest()[:32]

    def can_undo(self, at):
        """True for ten minutes after the last row."""
        is_done = self.state == self.State.DONE and self.done > 0
        return is_done and at < self.undo_until

    @property
    def undo_until(self):
        """The moment from which it can't be undone any more; None while it is not through."""
        return self.finished_at and self.finished_at + UNDO_FOR

    @property
    def is_at_work(self):
        """True while rows wait to be changed or put back."""
        return self.state in {self.State.RUNNING, self.State.UNDOING}

    @property
    def settled(self):
        """How many rows are through."""
        if self.state in {self.State.UNDOING, self.State.UNDONE}:
            return self.restored + self.spared
        return self.done + self.skipped + self.failed

    @property
    def to_settle(self):
        """How many rows there are to get through."""
        undoing = self.state in {self.State.UNDOING, self.State.UNDONE}
        return self.done if undoing else self.total


class BulkRow(models.Model):
    """What became of one row of a bulk change."""

    class Outcome(models.TextChoices):
        """What the change did to it."""

        WAITING = "waiting", _("Waiting")
        DONE = "done", _("Done")
        SKIPPED = "skipped", _("Skipped")
        FAILED = "failed", _("Failed")

    class Undo(models.TextChoices):
        """What the undo did to it."""

        NONE = "", _("Not undone")
        RESTORED = "restored", _("Restored")
        SPARED = "spared", _("Left as it is")

    change = models.ForeignKey(BulkChange, models.CASCADE, related_name="rows")
    # Lists lie above this room: an id and a label, no foreign key.
    subject_id = models.BigIntegerField()
    label = models.CharField(max_length=260)
    outcome = models.CharField(max_length=8, choices=Outcome, default=Outcome.WAITING)
    why = models.CharField(max_length=300, blank=True)
    # What the undo needs: the value before, and the version that the change left behind.
    before = models.JSONField(default=dict)
    undo = models.CharField(max_length=8, choices=Undo, blank=True, default=Undo.NONE)
    undo_why = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["change", "subject_id"], name="workspace_bulkrow_once_each"
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=["waiting", "done", "skipped", "failed"]),
                name="workspace_bulkrow_outcome",
            ),
            models.CheckConstraint(
                condition=Q(undo__in=["", "restored", "spared"]), name="workspace_bulkrow_undo"
            ),
        ]
        indexes = [
            # The next rows to work on, and the results page by outcome.
            models.Index(fields=["change", "outcome", "id"], name="workspace_bulkrow_next"),
        ]

    def __str__(self):
        return f"{self.label}: {self.outcome} {self.pk}"

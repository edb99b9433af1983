"""Batch: one file that was imported."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from apps.history.models import Timeline


class Batch(models.Model):
    """One file that changed something, and how much; its timeline says by whom."""

    timeline = models.OneToOneField(Timeline, models.PROTECT, related_name="+")
    file = models.CharField(max_length=200)
    mapping = models.CharField(max_length=200)
    # Of the file's bytes: the same file again is recognised.
    sha256 = models.CharField(max_length=64)
    as_of = models.DateField(null=True)
    rows = models.PositiveIntegerField()
    created = models.PositiveIntegerField()
    updated = models.PositiveIntegerField()
    unchanged = models.PositiveIntegerField()
    applied_at = models.DateTimeField()
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        verbose_name_plural = "batches"
        constraints = [
            models.CheckConstraint(
                condition=Q(rows=F("created") + F("updated") + F("unchanged")),
                name="imports_batch_adds_up",
            ),
        ]
        indexes = [
            # "This file was imported on …".
            models.Index(fields=["sha256", "applied_at"], name="imports_batch_same_file"),
        ]

    def __str__(self):
        return f"{self.file} {self.pk}"

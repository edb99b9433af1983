"""Presence: who has a form open."""

from django.conf import settings
from django.db import models


class Presence(models.Model):
    """Somebody has a thing open for editing; kept fresh while the page is in sight."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    subject_label = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    opened_at = models.DateTimeField()
    seen_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "presences"
        constraints = [
            models.UniqueConstraint(
                fields=["subject_label", "subject_id", "user"], name="workspace_presence_once_each"
            ),
        ]
        indexes = [
            # Old ones are swept by age.
            models.Index(fields=["seen_at"], name="workspace_presence_age"),
        ]

    def __str__(self):
        return f"{self.user_id} at {self.subject_label} {self.subject_id}"

"""Cover: an absence has begun, and the stand-in was asked for what was left."""

from django.db import models

from apps.calendars.models import OutOfOffice


class Cover(models.Model):
    """What somebody had not done when they went was offered to their stand-in, once."""

    absence = models.OneToOneField(OutOfOffice, models.CASCADE, related_name="+")
    offered_at = models.DateTimeField()

    def __str__(self):
        return f"Absence {self.absence_id} {self.pk}"

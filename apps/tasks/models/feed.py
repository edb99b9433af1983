"""Feed: the private address under which somebody's calendar finds their tasks."""

from django.conf import settings
from django.db import models


class Feed(models.Model):
    """Somebody's address; whoever knows its secret reads what they have to do."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="+"
    )
    # The secret itself is shown once and kept by nobody.
    secret_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()

    def __str__(self):
        return f"feed of {self.pk}"

"""Workspace settings, and FormKey."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Workspace(models.Model):
    """The one row of settings that an installation has."""

    name = models.CharField(max_length=60, default="Mainstay")
    support_email = models.EmailField(
        blank=True, help_text=_("Shown where somebody needs help, for example on error pages.")
    )
    currency = models.CharField(
        max_length=3, default="GBP", help_text=_("For new customers, as a three-letter code.")
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="workspace_only_one_row")
        ]

    def __str__(self):
        return self.name


class FormKey(models.Model):
    """A form that was sent once: its key, and where its result is.

    Every form that makes something carries a fresh UUID. The first request to insert the key
    makes the thing in the same transaction; every repeat finds the key and is sent to the
    same result.
    """

    key = models.UUIDField(primary_key=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    purpose = models.CharField(max_length=60)
    result = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [
            # Old keys are swept by age.
            models.Index(fields=["created_at"], name="workspace_formkey_age"),
        ]

    def __str__(self):
        return f"{self.purpose} {self.key}"

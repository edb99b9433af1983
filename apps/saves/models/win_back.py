"""WinBack: what is known about a customer who left, until somebody may ask again."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Account
from apps.saves.models.case import SaveCase


class WinBack(models.Model):
    """The plan for a customer who left on a call: when to ask again, and with what."""

    case = models.OneToOneField(SaveCase, models.PROTECT, related_name="win_back")
    account = models.ForeignKey(Account, models.PROTECT, related_name="win_backs")
    # Nobody offers them anything before this day: they asked to go, and were heard.
    not_before = models.DateField()
    blocker = models.TextField(blank=True, max_length=1000, verbose_name=_("why they left"))
    what_changed = models.TextField(
        blank=True, max_length=1000, verbose_name=_("what has changed since")
    )
    still_uncertain = models.TextField(
        blank=True, max_length=1000, verbose_name=_("what is still uncertain")
    )
    path_to_value = models.TextField(
        blank=True, max_length=1000, verbose_name=_("the way back to value")
    )
    next_on = models.DateField(_("next step on"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        indexes = [
            # The customer page, and whether an offer may be made.
            models.Index(fields=["account", "not_before"], name="saves_winback_account"),
        ]

    def __str__(self):
        return f"Win-back after case {self.case_id}"

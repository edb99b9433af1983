"""WinBack: what is known about a customer who left, until somebody may ask again."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Account
from apps.saves.models.case import SaveCase


class WinBack(models.Model):
    """The plan for a customer who left: when to ask again, and with what.

    It begins with the call on which they left, or when somebody plans one for a customer who
    left without a call. It is closed when they are back; nothing of it is ever thrown away.
    """

    class Ended(models.TextChoices):
        """Why nobody works on it any more."""

        RETURNED = "returned", _("They came back")
        CORRECTED = "corrected", _("The call was corrected")
        RESTED = "rested", _("We leave them in peace")

    # Those that still say what to do, or not to do, about a customer who is gone.
    CURRENT = ("", Ended.RESTED)

    # None for a customer who left without a call.
    case = models.OneToOneField(SaveCase, models.PROTECT, null=True, related_name="win_back")
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
    closed_at = models.DateTimeField(null=True)
    ended = models.CharField(max_length=9, choices=Ended, blank=True, default="", db_default="")

    class Meta:
        constraints = [
            # A customer leaves once at a time; also finds the plan for the customer page.
            models.UniqueConstraint(
                fields=["account"],
                condition=Q(ended__in=["", "rested"]),
                name="saves_winback_one_current",
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, ended="")
                | Q(closed_at__isnull=False, ended__in=["returned", "corrected", "rested"]),
                name="saves_winback_ended_whole",
            ),
        ]
        indexes = [
            # All of a customer's, those that ended as well.
            models.Index(fields=["account", "not_before"], name="saves_winback_account"),
            # Which are due on Today, the latest first.
            models.Index(
                Coalesce("next_on", "not_before").desc(),
                F("id").desc(),
                condition=Q(ended=""),
                name="saves_winback_next",
            ),
        ]

    def __str__(self):
        return f"Win-back {self.pk}"

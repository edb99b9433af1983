"""SaveCase: one attempt to leave, and how it ended."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Account, Channel, Contact, Stage, Tier
from apps.reasons.models import Competitor, Reason, Solvable


class Outcome(models.TextChoices):
    """How a call ended."""

    STAYED = "stayed", _("Stayed")
    LEFT = "left", _("Left")
    UNDECIDED = "undecided", _("Undecided")


class Mood(models.IntegerChoices):
    """How the customer sounded at the start."""

    ANGRY = 1, _("Angry")
    FRUSTRATED = 2, _("Frustrated")
    NEUTRAL = 3, _("Neutral")
    WARM = 4, _("Warm")
    HAPPY = 5, _("Happy")


class SaveCaseQuerySet(models.QuerySet):
    """Sets of save cases."""

    def visible_to(self, user):
        """Cases of customers that this person may see; of merged records as of the kept one."""
        there = self.filter(account__removed_at=None, account__merged_into__removed_at=None)
        if not user.hidden_teams:
            return there
        own = Q(account__merged_into=None, account__team__in=user.hidden_teams)
        return there.exclude(own).exclude(account__merged_into__team__in=user.hidden_teams)

    def for_page(self):
        """With what the case page names."""
        return self.select_related(
            *("account__timeline", "account__merged_into", "agent", "contact"),
            *("reason__category", "competitor", "watch"),
        )


class SaveCase(models.Model):
    """One call (or chat, or letter) in which a customer wanted to leave.

    What the decision rested on (money, tier, stage, the reason's words) is copied here as it
    was when the case was opened, so that later edits do not rewrite what happened.
    """

    # Made when the page is shown; the same key is the same case, however often it is sent.
    key = models.UUIDField(unique=True)
    account = models.ForeignKey(Account, models.PROTECT, related_name="save_cases")
    continues = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        related_name="continued_by",
        help_text=_("The case less than 24 hours before, of which this is the next call."),
    )
    agent = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    contact = models.ForeignKey(Contact, models.PROTECT, null=True, related_name="+")
    channel = models.CharField(max_length=8, choices=Channel, default=Channel.PHONE)

    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField()
    seconds = models.PositiveIntegerField(help_text=_("Length of the call."))
    asked_to_cancel_at = models.DateTimeField(null=True)

    reason = models.ForeignKey(Reason, models.PROTECT, related_name="+")
    also = models.ManyToManyField(Reason, related_name="+")
    reason_text = models.CharField(max_length=110)
    solvable = models.CharField(max_length=6, choices=Solvable)
    verbatim = models.TextField()
    competitor = models.ForeignKey(Competitor, models.PROTECT, null=True, related_name="+")
    mood = models.PositiveSmallIntegerField(choices=Mood, null=True)

    outcome = models.CharField(max_length=9, choices=Outcome)
    # Staying.
    stay_because = models.CharField(max_length=300, blank=True, db_default="")
    # Leaving.
    leaves_on = models.DateField(null=True)
    back_if = models.CharField(max_length=300, blank=True, db_default="")
    export_help = models.BooleanField(null=True, help_text=_("Whether help to export was offered."))
    # Not sure yet.
    call_back_at = models.DateTimeField(null=True)
    waits_for = models.CharField(max_length=300, blank=True, db_default="")

    # Goes up with every correction.
    version = models.PositiveIntegerField(default=1, db_default=1)

    mrr = models.DecimalField(max_digits=12, decimal_places=2)
    currency = models.CharField(max_length=3)
    tier = models.CharField(max_length=8, choices=Tier)
    stage = models.CharField(max_length=14, choices=Stage)

    objects = SaveCaseQuerySet.as_manager()

    class Meta:
        constraints = [
            # Each outcome has the date that it needs, and no other's.
            models.CheckConstraint(
                condition=Q(outcome="stayed", leaves_on=None, call_back_at=None)
                | Q(outcome="left", leaves_on__isnull=False, call_back_at=None)
                | Q(outcome="undecided", leaves_on=None, call_back_at__isnull=False),
                name="saves_savecase_outcome_whole",
            ),
            # Nor another's words.
            models.CheckConstraint(
                condition=(Q(outcome="stayed") | Q(stay_because=""))
                & (Q(outcome="left") | Q(back_if="", export_help=None))
                & (Q(outcome="undecided") | Q(waits_for="")),
                name="saves_savecase_outcome_words",
            ),
            models.CheckConstraint(
                condition=Q(closed_at__gte=F("opened_at")), name="saves_savecase_opened_first"
            ),
            models.CheckConstraint(
                condition=Q(channel__in=Channel.values)
                & Q(solvable__in=Solvable.values)
                & (Q(mood=None) | Q(mood__range=(1, 5))),
                name="saves_savecase_choices",
            ),
        ]
        indexes = [
            # The customer's earlier cases; also finds the one that a new case continues.
            models.Index(F("account"), F("opened_at").desc(), name="saves_savecase_account"),
            # "Your latest calls" on Today.
            models.Index(F("agent"), F("opened_at").desc(), name="saves_savecase_agent"),
            # Whom an agent said they would call back: on Today, the last that fell due and the next.
            models.Index(
                fields=["agent", "call_back_at"],
                condition=Q(outcome="undecided"),
                name="saves_savecase_call_back",
            ),
        ]

    def __str__(self):
        return f"Save case {self.pk}"

    def get_absolute_url(self):
        return reverse("saves:detail", args=[self.pk])

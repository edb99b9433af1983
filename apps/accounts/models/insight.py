"""Insight: what we learned about a customer, from whom and when."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.models.account import Account


class Topic(models.TextChoices):
    """What an insight is about."""

    VALUE_DRIVER = "value_driver", _("What continued value is to them")
    PROBLEM = "problem", _("How they see their problem")
    WANTS = "wants", _("What they want")
    BELIEFS = "beliefs", _("What they believe")
    VALUES = "values", _("What they stand for")
    DESIRES = "desires", _("What they dream of")
    EXPECTATION = "expectation", _("What the sale promised")
    SUCCESS = "success", _("What success looks like")
    DECIDES = "decides", _("Who decides")
    RISK = "risk", _("What could go wrong")


class ValueDriver(models.TextChoices):
    """What keeps a customer: the kinds of continued value."""

    CONVENIENCE = "convenience", _("Convenience")
    RECOGNITION = "recognition", _("Recognition")
    RELIABILITY = "reliability", _("Reliability")


class Verdict(models.TextChoices):
    """What became of something that the sale promised."""

    OPEN = "", _("Open")
    MET = "met", _("Met")
    NOT_MET = "not_met", _("Not met")


class Insight(models.Model):
    """One dated statement about a customer; never edited, a newer one on its topic counts.

    Expectations add up instead: each stands until somebody says that it was met, or was not.
    """

    account = models.ForeignKey(Account, models.PROTECT, related_name="insights")
    topic = models.CharField(max_length=12, choices=Topic)
    driver = models.CharField(max_length=12, choices=ValueDriver, blank=True)
    text = models.TextField(blank=True, max_length=2000)
    source = models.CharField(max_length=120, help_text=_("Who said so, or where it is written."))
    said_on = models.DateField()
    due_on = models.DateField(null=True, blank=True)  # by when it should be so, if they said
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    # Of an expectation; who said so is in the history.
    verdict = models.CharField(
        max_length=8, choices=Verdict, blank=True, default=Verdict.OPEN, db_default=Verdict.OPEN
    )
    settled_on = models.DateField(null=True, blank=True)
    settled_why = models.CharField(max_length=300, blank=True, default="", db_default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(topic__in=Topic.values), name="accounts_insight_topic"
            ),
            models.CheckConstraint(
                condition=Q(topic="value_driver", driver__in=ValueDriver.values)
                | (~Q(topic="value_driver") & Q(driver="") & ~Q(text="")),
                name="accounts_insight_says_something",
            ),
            models.CheckConstraint(
                condition=Q(verdict="", settled_on=None, settled_why="")
                | Q(topic="expectation", verdict="met", settled_on__isnull=False)
                | (
                    Q(topic="expectation", verdict="not_met", settled_on__isnull=False)
                    & ~Q(settled_why="")
                ),
                name="accounts_insight_settled",
            ),
        ]
        indexes = [
            # The newest statement on each topic of a customer.
            models.Index(
                F("account"),
                F("topic"),
                F("said_on").desc(),
                F("id").desc(),
                name="accounts_insight_newest",
            ),
        ]

    def __str__(self):
        return f"{self.topic} {self.pk}"

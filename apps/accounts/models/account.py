"""Account: a customer company, and what it is worth."""

import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast, Coalesce, Concat
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.accounts import rules
from apps.history.models import Timeline
from apps.users.models import Team, validate_time_zone

# Sorts after every real date, so that "no date" comes last.
NEVER = datetime.date(9999, 12, 31)


class Stage(models.TextChoices):
    """Where the relationship is; the seven stages of the field."""

    LEAD = "lead", _("Lead generation")
    CONVERSION = "conversion", _("Conversion")
    ONBOARDING = "onboarding", _("Onboarding")
    RETENTION = "retention", _("Retention")
    WANDERING_EYE = "wandering_eye", _("Wandering eye")
    TEST_DRIVE = "test_drive", _("Test drive")
    CHURN = "churn", _("Churn")


class Tier(models.TextChoices):
    """How much the customer is worth, by the thresholds of its currency."""

    STANDARD = "standard", _("Standard")
    MID = "mid", _("Mid")
    HIGH = "high", _("High")


class Status(models.TextChoices):
    """What the dates say: never typed, always derived."""

    PROSPECT = "prospect", _("Prospect")
    CUSTOMER = "customer", _("Customer")
    LEAVING = "leaving", _("Leaving")
    CHURNED = "churned", _("Churned")


class TierThreshold(models.Model):
    """From which MRR an account of one currency is mid or high tier."""

    currency = models.CharField(
        max_length=3, primary_key=True, help_text=_("Three letters, such as GBP.")
    )
    mid_from = models.DecimalField(
        _("mid from"), max_digits=12, decimal_places=2, help_text=_("Lowest MRR of mid tier.")
    )
    high_from = models.DecimalField(
        _("high from"), max_digits=12, decimal_places=2, help_text=_("Lowest MRR of high tier.")
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(mid_from__gt=0, high_from__gt=F("mid_from")),
                name="accounts_tierthreshold_rising",
                violation_error_message=_("High starts above mid, and mid above 0."),
            )
        ]

    def __str__(self):
        return f"{self.currency}: mid from {self.mid_from}, high from {self.high_from}"


def local_date(at):
    """Return an expression: the date that a moment falls on in the account's zone."""
    return RawSQL(
        '(%s::timestamptz AT TIME ZONE "accounts_account"."time_zone")::date',
        [at],
        output_field=models.DateField(),
    )


def _local_day(moment):
    """Return an expression: the date of a stored moment in the account's zone."""
    return Cast(Func(F("time_zone"), moment, function="timezone"), models.DateField())


class AccountQuerySet(models.QuerySet):
    """Sets of accounts."""

    def live(self):
        """Accounts that are there: neither given up in a merge nor removed."""
        return self.filter(merged_into=None, removed_at=None)

    def visible_to(self, user):
        """Accounts that a person may see: live, and not of private teams they don't belong to."""
        return self.live().in_sight_of(user)

    def in_sight_of(self, user):
        """Accounts of teams that a person may see, those that are gone as well."""
        return self.exclude(team__in=user.hidden_teams) if user.hidden_teams else self.all()

    def with_status(self, *statuses, at):
        """Accounts whose dates give one of these statuses at a moment."""
        today = local_date(at)
        started = Q(started_on__isnull=False, started_on__lte=today)
        gone = Q(churned_on__isnull=False, churned_on__lte=today)
        # No zone is further behind, and few leave after it: the rest need no calendar.
        day_before = at.date() - datetime.timedelta(days=1)
        conditions = {
            Status.PROSPECT: ~started & ~gone,
            Status.CUSTOMER: started & Q(churned_on=None),
            Status.LEAVING: started & Q(churned_on__gte=day_before, churned_on__gt=today),
            Status.CHURNED: gone,
        }
        wanted = Q()
        for status in statuses:
            wanted |= conditions[status]
        return self.filter(wanted)

    def due_to_close(self, at):
        """Accounts whose last day has come since somebody last set their stage."""
        # The first condition is the one that the index can start from: no zone is a day ahead.
        gone = self.live().filter(churned_on__lte=at.date() + datetime.timedelta(days=1))
        return gone.with_status(Status.CHURNED, at=at).filter(
            ~Q(stage=Stage.CHURN), churned_on__gt=_local_day(F("stage_since"))
        )

    def with_sort_keys(self):
        """With dates that are never empty, so that a list can be sorted and paged by them."""
        return self.annotate(
            renews_key=Coalesce("renews_on", Value(NEVER)),
            started_key=Coalesce("started_on", Value(NEVER)),
        )

    def for_page(self):
        """With the joins of the customer page."""
        return self.select_related("owner", "team", "timeline")


class Account(models.Model):
    """A customer: one company or household that buys from us."""

    timeline = models.OneToOneField(Timeline, models.PROTECT, related_name="account")
    name = models.CharField(max_length=200)
    reference = models.CharField(
        max_length=60, unique=True, help_text=_("The customer's number in your own systems.")
    )
    about = models.CharField(max_length=200, blank=True)
    started_on = models.DateField(_("customer since"), null=True, blank=True)
    renews_on = models.DateField(_("renews on"), null=True, blank=True)
    churned_on = models.DateField(_("last day"), null=True, blank=True)
    stage = models.CharField(max_length=14, choices=Stage, default=Stage.LEAD)
    stage_since = models.DateTimeField()
    tier = models.CharField(max_length=8, choices=Tier, default=Tier.STANDARD)
    is_tier_set_by_hand = models.BooleanField(default=False)
    mrr = models.DecimalField(_("MRR"), max_digits=12, decimal_places=2, default=Decimal(0))
    currency = models.CharField(max_length=3, default="GBP")
    plan = models.CharField(max_length=80, blank=True)
    industry = models.CharField(max_length=60, blank=True)
    time_zone = models.CharField(max_length=64, default="UTC", validators=[validate_time_zone])
    # Its index is "my customers" below.
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="+",
    )
    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="+")
    # Values of custom fields by their keys: text, numbers, true or false; dates as 2026-06-09.
    custom = models.JSONField(
        default=dict, db_default=Value({}, output_field=models.JSONField()), blank=True
    )
    # Goes up with every change, whoever makes it and however.
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    # Given up in favour of another record of the same customer.
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged", editable=False
    )
    removed_at = models.DateTimeField(null=True, editable=False)
    # Nobody asks what somebody removed, and users stay; each index is one more to weigh for
    # every question about customers.
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        db_index=False,
        related_name="+",
        editable=False,
    )
    # Kept by the database, so that every way of writing (also COPY) keeps it right.
    name_key = models.GeneratedField(
        expression=Func(F("name"), function="fold"),
        output_field=models.TextField(db_collation="C"),
        db_persist=True,
    )
    search_key = models.GeneratedField(
        expression=Func(Concat("name", Value(" "), "reference"), function="fold"),
        output_field=models.TextField(),
        db_persist=True,
    )

    objects = AccountQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(stage__in=Stage.values), name="accounts_account_stage"
            ),
            models.CheckConstraint(condition=Q(tier__in=Tier.values), name="accounts_account_tier"),
            models.CheckConstraint(condition=Q(mrr__gte=0), name="accounts_account_mrr"),
            models.CheckConstraint(
                condition=Q(currency__regex=r"^[A-Z]{3}$"), name="accounts_account_currency"
            ),
            models.CheckConstraint(
                condition=Q(churned_on=None)
                | Q(started_on__isnull=False, churned_on__gte=F("started_on")),
                name="accounts_account_churned_after_start",
            ),
            models.CheckConstraint(
                condition=Q(merged_into=None) | ~Q(merged_into=F("id")),
                name="accounts_account_merged_into_another",
            ),
        ]
        indexes = [
            # One for each sort of the list; the id makes the keyset unique.
            models.Index(fields=["name_key", "id"], name="accounts_account_by_name"),
            models.Index(fields=["mrr", "id"], name="accounts_account_by_mrr"),
            # One tier by MRR: tiers follow it, so that the index above would be walked through
            # all of the tiers above first.
            models.Index(fields=["tier", "mrr", "id"], name="accounts_account_tier_mrr"),
            models.Index(
                Coalesce("started_on", Value(NEVER)), F("id"), name="accounts_account_by_start"
            ),
            models.Index(
                Coalesce("renews_on", Value(NEVER)), F("id"), name="accounts_account_by_renewal"
            ),
            # "My customers", and the foreign key.
            models.Index(fields=["owner", "name_key", "id"], name="accounts_account_by_owner"),
            # How many customers a question fits: everything the filters ask about, so that
            # counting reads this index alone. A new filter's column belongs in here too.
            models.Index(
                fields=["owner", "tier", "stage", "team", "industry"],
                include=["mrr", "started_on", "churned_on", "time_zone"],
                condition=Q(merged_into=None, removed_at=None),
                name="accounts_account_counting",
            ),
            # The filter by industry, and the list of industries to choose from.
            models.Index(
                fields=["industry", "name_key", "id"], name="accounts_account_by_industry"
            ),
            # Who is gone but not yet in the churn stage: few, and asked every few seconds.
            models.Index(
                fields=["churned_on"],
                condition=Q(churned_on__isnull=False) & ~Q(stage="churn"),
                name="accounts_account_closing",
            ),
            # Filters by custom fields: which customers have this value.
            GinIndex(
                fields=["custom"], opclasses=["jsonb_path_ops"], name="accounts_account_custom"
            ),
            # The recycle bin: few, newest first.
            models.Index(
                fields=["removed_at"],
                condition=Q(removed_at__isnull=False),
                name="accounts_account_removed",
            ),
            # Search as you type, typos included.
            GinIndex(
                fields=["search_key"], opclasses=["gin_trgm_ops"], name="accounts_account_search"
            ),
        ]

    def __str__(self):
        return f"{self.name} ({self.reference})"

    def get_absolute_url(self):
        return reverse("desk:customer", args=[self.pk])

    def today(self, at):
        """The date that a moment falls on in the account's zone."""
        return at.astimezone(ZoneInfo(self.time_zone)).date()

    def status(self, at):
        """What the dates say at a moment, by the calendar of the account's zone."""
        return Status(rules.status(self.started_on, self.churned_on, self.today(at)))

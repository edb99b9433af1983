"""Commitment: what somebody of ours said we would do, and whether we did."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Account
from apps.saves import rules
from apps.saves.models.case import SaveCase
from apps.tasks.models import Task


class CommitmentQuerySet(models.QuerySet):
    """Sets of commitments."""

    def open(self):
        """Neither kept, broken nor waived yet."""
        return self.filter(state=Commitment.State.OPEN)

    def visible_to(self, user):
        """Of customers that this person may see; of merged records as of the kept one."""
        there = self.filter(account__removed_at=None, account__merged_into__removed_at=None)
        if not user.hidden_teams:
            return there
        own = Q(account__merged_into=None, account__team__in=user.hidden_teams)
        return there.exclude(own).exclude(account__merged_into__team__in=user.hidden_teams)

    def for_page(self):
        """With what its page names."""
        return self.select_related(
            *("account__timeline", "account__team", "account__merged_into__team", "owner"),
            *("made_by", "settled_by", "made_good_by", "task__queue"),
        )

    def soonest_first(self):
        """By the day they are due."""
        return self.order_by("due_on", "id")


class Commitment(models.Model):
    """Something we said we would do for a customer, with an owner and a day."""

    class State(models.TextChoices):
        """What became of it."""

        OPEN = "open", _("Open")
        KEPT = "kept", _("Kept")
        BROKEN = "broken", _("Broken")
        WAIVED = "waived", _("Waived")

    account = models.ForeignKey(Account, models.PROTECT, related_name="commitments")
    # The call on which it was said; later ones are written on the customer page.
    case = models.ForeignKey(SaveCase, models.PROTECT, null=True, related_name="commitments")
    text = models.CharField(max_length=200)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    due_on = models.DateField()
    is_visible = models.BooleanField(
        _("the customer knows"), default=True, help_text=_("Whether it was said to the customer.")
    )
    state = models.CharField(max_length=6, choices=State, default=State.OPEN)
    evidence = models.CharField(max_length=500, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    # Done after all, when the day was over: it stays broken, and says so.
    made_good_at = models.DateTimeField(null=True)
    made_good_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    # How it gets done: whoever has the task keeps the commitment. None while its owner can't take
    # tasks of the customer, and of commitments settled before there were tasks.
    task = models.OneToOneField(Task, models.PROTECT, null=True, related_name="commitment")
    # The moment that its task was given for the day. While the task has it, it follows the
    # calendar of whoever has the task; one that somebody chose for the task does not.
    reckoned_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    objects = CommitmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["open", "kept", "broken", "waived"]),
                name="saves_commitment_state",
            ),
            models.CheckConstraint(
                condition=Q(state="open", settled_at=None)
                | (~Q(state="open") & Q(settled_at__isnull=False)),
                name="saves_commitment_settled_whole",
            ),
            # Kept and waived say why one should believe it.
            models.CheckConstraint(
                condition=~Q(state__in=["kept", "waived"]) | ~Q(evidence=""),
                name="saves_commitment_evidence",
            ),
            models.CheckConstraint(
                condition=Q(made_good_at=None, made_good_by=None)
                | (
                    Q(state="broken", made_good_at__isnull=False, made_good_by__isnull=False)
                    & ~Q(evidence="")
                ),
                name="saves_commitment_made_good",
            ),
        ]
        indexes = [
            # "3 kept, 1 broken" on the customer page.
            models.Index(fields=["account", "state"], name="saves_commitment_account"),
            # What is due on the owner's Today, and what the worker marks broken.
            models.Index(
                fields=["owner", "due_on"], condition=Q(state="open"), name="saves_commitment_due"
            ),
            # What its owner can still make good, on Today.
            models.Index(
                fields=["owner", "due_on"],
                condition=Q(state="broken", made_good_at=None),
                name="saves_commitment_mend",
            ),
            # Those that have no task yet, for the worker: none, mostly.
            models.Index(
                fields=["id"],
                condition=Q(state="open", task=None),
                name="saves_commitment_taskless",
            ),
            # Customers with broken ones, as a filter of the list: few among many.
            models.Index(
                fields=["account"], condition=Q(state="broken"), name="saves_commitment_broken"
            ),
        ]

    def __str__(self):
        return f"{self.text} {self.pk}"

    def get_absolute_url(self):
        return reverse("saves:commitment", args=[self.pk])

    @property
    def is_open(self):
        """Whether it can still be kept, waived or moved."""
        return self.state == self.State.OPEN

    @property
    def can_be_made_good(self):
        """Whether it was broken, and not made good yet."""
        return self.state == self.State.BROKEN and self.made_good_at is None

    @property
    def last_word(self):
        """When somebody last said what became of it, and who: twice None where nobody did."""
        return (self.made_good_at or self.settled_at), (self.made_good_by_id or self.settled_by_id)

    def may_be_reopened(self, user, at):
        """Whether somebody may still take back what they said of it a moment ago."""
        said_at, said_by = self.last_word
        return said_by is not None and said_by == user.pk and at < said_at + rules.UNDO_FOR

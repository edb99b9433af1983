"""Draft: a call that is not logged yet, with everything that was typed."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from apps.accounts.models import Account
from apps.saves.models.case import Outcome, SaveCase, SaveCaseQuerySet

# What a page adds to the answers on its own: the clock, and which page they come from.
OF_THE_PAGE = {"length", "paused", "page"}


class DraftQuerySet(models.QuerySet):
    """Sets of drafts."""

    visible_to = SaveCaseQuerySet.visible_to

    def open(self):
        """Neither finished nor dropped."""
        return self.filter(case=None, dropped_at=None)

    def by_agent(self, user):
        """Drafts that this person typed."""
        return self.filter(agent=user)

    def of_customer(self, account):
        """Drafts of a customer, those of records that were merged into it as well."""
        return self.filter(Q(account=account) | Q(account__merged_into=account))

    def for_list(self):
        """With the customer that a line about a draft names."""
        return self.select_related("account__merged_into")

    def newest_first(self):
        """By the moment they were last kept."""
        return self.order_by("-kept_at", "-id")


class Draft(models.Model):
    """What an agent has typed about a call so far; kept until it is logged or dropped.

    It is made by the first thing that is typed, under the key of the call.
    """

    key = models.UUIDField(unique=True)
    account = models.ForeignKey(Account, models.PROTECT, related_name="+")
    agent = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    # How the call began, as the page brought it: signed.
    opening = models.TextField()
    # As the form was posted: field name → list of texts.
    answers = models.JSONField(default=dict)
    # What another tab had typed when this one was preferred: [{"kept_at": …, "answers": …}, …].
    asides = models.JSONField(default=list)
    # Goes up with every keeping; a tab that saw an older one is told.
    version = models.PositiveIntegerField(default=1)
    opened_at = models.DateTimeField()
    kept_at = models.DateTimeField()
    case = models.OneToOneField(SaveCase, models.PROTECT, null=True, related_name="draft")
    dropped_at = models.DateTimeField(null=True)
    drop_reason = models.CharField(max_length=200, blank=True)

    objects = DraftQuerySet.as_manager()

    class Meta:
        constraints = [
            # However many tabs are open, an agent has one call with a customer at a time.
            models.UniqueConstraint(
                fields=["agent", "account"],
                condition=Q(case=None, dropped_at=None),
                name="saves_draft_one_open",
            ),
            models.CheckConstraint(
                condition=Q(case=None) | Q(dropped_at=None), name="saves_draft_one_end"
            ),
            models.CheckConstraint(
                condition=Q(dropped_at=None) | ~Q(drop_reason=""), name="saves_draft_dropped_why"
            ),
        ]
        indexes = [
            # "Finish your drafts" on Today.
            models.Index(
                fields=["agent", "-kept_at"],
                condition=Q(case=None, dropped_at=None),
                name="saves_draft_open",
            ),
        ]

    def __str__(self):
        return f"Draft {self.pk}"

    @property
    def is_open(self):
        """Neither finished nor dropped."""
        return self.case_id is None and self.dropped_at is None

    @property
    def customer(self):
        """The record that the customer is shown as."""
        return self.account.merged_into or self.account

    @property
    def words(self):
        """What the customer said, as far as it is written down."""
        return first(self.answers, "verbatim")

    @property
    def ending(self):
        """How the call ended, in words; empty while nobody has said."""
        return dict(Outcome.choices).get(first(self.answers, "outcome"), "")

    def says(self, answers):
        """Whether these are the same words, whatever page they come from."""
        return _typed(self.answers) == _typed(answers)

    def precedes(self, answers, version):
        """Whether answers may take the place of these: whoever wrote them knew these.

        Args:
            answers: as they were posted.
            version: which version the page had.
        """
        mine, theirs = page_of(self.answers), page_of(answers)
        # A page whose keeping went through without an answer knows its own words all the same.
        return version == self.version or (mine[0] != "" and mine[0] == theirs[0])

    def is_after(self, answers):
        """Whether the same page kept something since it sent these answers."""
        mine, theirs = page_of(self.answers), page_of(answers)
        return mine[0] != "" and mine[0] == theirs[0] and mine[1] > theirs[1]


def first(answers, name):
    """Return the first text of a field, or an empty one."""
    return next(iter(answers.get(name, ())), "")


def page_of(answers):
    """Return which page sent answers and its how-manieth they are, from its `name.number`."""
    name, _dot, number = first(answers, "page").rpartition(".")
    return (name, int(number)) if name and number.isdecimal() else ("", 0)


def _typed(answers):
    return {
        name: texts for name, texts in answers.items() if name not in OF_THE_PAGE and any(texts)
    }

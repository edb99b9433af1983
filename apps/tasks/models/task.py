"""Task: something that one person has to do for a customer, by a moment."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.expressions import RawSQL
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.accounts import family
from apps.accounts.models import Account
from apps.tasks.models.queue import Queue

OPEN_STATES = ("open", "in_progress")


class TaskQuerySet(models.QuerySet):
    """Sets of tasks."""

    def open(self):
        """Neither done nor cancelled."""
        return self.filter(state__in=OPEN_STATES)

    def awake(self, at):
        """Not put off, or not any longer."""
        return self.filter(Q(snoozed_until=None) | Q(snoozed_until__lte=at))

    def waiting(self):
        """In a queue, with nobody yet."""
        return self.open().filter(owner=None)

    def there(self):
        """Of customers who were not removed; of merged records as of the kept one.

        Those who were are few, and looked up once; looking at the customer of each of many tasks
        would take long.
        """
        return self.exclude(account__in=RawSQL(family.REMOVED, ()))  # noqa: S611  ours

    def visible_to(self, user):
        """Of customers that this person may see; of merged records as of the kept one."""
        there = self.there()
        if not user.hidden_teams:
            return there
        own = Q(account__merged_into=None, account__team__in=user.hidden_teams)
        return there.exclude(own).exclude(account__merged_into__team__in=user.hidden_teams)

    def soonest_first(self):
        """By the moment they are due."""
        return self.order_by("due_at", "id")

    def for_list(self):
        """With what a line names."""
        return self.select_related("account", "account__merged_into", "owner", "queue")

    def for_page(self):
        """With what its page names."""
        return self.select_related(
            *("account__timeline", "account__team", "account__merged_into__team", "owner"),
            *("queue__team", "made_by", "snoozed_by", "closed_by"),
        )


class Task(models.Model):
    """Something to do for a customer, with an owner or a queue, and a moment."""

    class Kind(models.TextChoices):
        """What is to be done."""

        CALL = "call", _("Call")
        EMAIL = "email", _("E-mail")
        NOTE = "note", _("Personal note")
        WALKTHROUGH = "walkthrough", _("Walkthrough")
        REVIEW = "review", _("Review")
        CHECK = "check", _("Check")
        APPROVAL = "approval", _("Approval")
        OTHER = "other", _("Other")

    class Priority(models.IntegerChoices):
        """How much it matters; the least number first."""

        URGENT = 1, _("Urgent")
        HIGH = 2, _("High")
        NORMAL = 3, _("Normal")
        LOW = 4, _("Low")

    class State(models.TextChoices):
        """What became of it; put off and escalated stand beside it."""

        OPEN = "open", _("Open")
        IN_PROGRESS = "in_progress", _("In progress")
        DONE = "done", _("Done")
        CANCELLED = "cancelled", _("Cancelled")

    class Origin(models.TextChoices):
        """What asked for it."""

        HAND = "hand", _("Made by hand")
        COMMITMENT = "commitment", _("Commitment")
        CALL_BACK = "call_back", _("Call-back")
        PLAYBOOK = "playbook", _("Playbook")
        SURVEY = "survey", _("Survey")
        OFFER = "offer", _("Offer")

    # Done with a customer in person: what came of it has to be said.
    PERSONAL = frozenset({Kind.CALL, Kind.NOTE, Kind.WALKTHROUGH, Kind.REVIEW})

    account = models.ForeignKey(Account, models.PROTECT, related_name="tasks")
    what = models.CharField(_("what"), max_length=200)
    details = models.CharField(_("details"), max_length=2000, blank=True)
    kind = models.CharField(_("kind"), max_length=11, choices=Kind, default=Kind.CALL)
    priority = models.PositiveSmallIntegerField(
        _("priority"), choices=Priority, default=Priority.NORMAL
    )
    effort = models.PositiveSmallIntegerField(_("effort"), default=15, help_text=_("Minutes."))
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    # Where it waits for an owner, or where its owner took it from.
    queue = models.ForeignKey(Queue, models.PROTECT, null=True, blank=True, related_name="tasks")
    # The queue found nobody, so it lies in the fallback.
    found_nobody = models.BooleanField(default=False, editable=False)
    due_at = models.DateTimeField(_("due"))
    # How the moment was said: so many minutes of working time after another one, or a time of
    # day on the next working day after it. Neither: the moment itself was chosen, and stays.
    due_after = models.DateTimeField(null=True, editable=False)
    due_minutes = models.PositiveIntegerField(null=True, editable=False)
    due_clock = models.TimeField(null=True, editable=False)
    state = models.CharField(max_length=11, choices=State, default=State.OPEN)
    snoozed_until = models.DateTimeField(null=True)
    snoozed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    snooze_reason = models.CharField(max_length=200, blank=True)
    # The moment with which the worker that tells of late tasks saw it last: its own note, which
    # no action reads. Another moment by now has the task looked at at once.
    seen_due_at = models.DateTimeField(null=True, editable=False)
    # The highest level that was told, 0 for none: owner, lead, manager.
    escalated = models.PositiveSmallIntegerField(default=0)
    origin = models.CharField(max_length=10, choices=Origin, default=Origin.HAND)
    # The same cause never makes two: "commitment:42", or the key of the form that made it.
    cause = models.CharField(max_length=120, unique=True, editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    made_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    # What came of it, or why it was cancelled.
    outcome = models.CharField(_("outcome"), max_length=1000, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = TaskQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["open", "in_progress", "done", "cancelled"]),
                name="tasks_task_state",
            ),
            models.CheckConstraint(
                condition=Q(priority__gte=1, priority__lte=4), name="tasks_task_priority"
            ),
            # No task without somebody or a queue.
            models.CheckConstraint(
                condition=Q(owner__isnull=False) | Q(queue__isnull=False),
                name="tasks_task_belongs",
            ),
            # Only somebody can be at it.
            models.CheckConstraint(
                condition=~Q(state="in_progress") | Q(owner__isnull=False),
                name="tasks_task_in_progress_by",
            ),
            models.CheckConstraint(
                condition=Q(state__in=OPEN_STATES, closed_at=None)
                | (Q(state__in=["done", "cancelled"]) & Q(closed_at__isnull=False)),
                name="tasks_task_closed_whole",
            ),
            models.CheckConstraint(
                condition=~Q(state="done", kind__in=["call", "note", "walkthrough", "review"])
                | ~Q(outcome=""),
                name="tasks_task_outcome",
            ),
            # Who puts something off says until when and why.
            models.CheckConstraint(
                condition=Q(snoozed_until=None, snoozed_by=None, snooze_reason="")
                | (
                    Q(snoozed_until__isnull=False, snoozed_by__isnull=False)
                    & ~Q(snooze_reason="")
                    & Q(state__in=OPEN_STATES)
                ),
                name="tasks_task_snooze_whole",
            ),
            models.CheckConstraint(
                condition=Q(due_after=None, due_minutes=None, due_clock=None)
                | Q(due_after__isnull=False, due_minutes__isnull=False, due_clock=None)
                | Q(due_after__isnull=False, due_minutes=None, due_clock__isnull=False),
                name="tasks_task_due_said",
            ),
            models.CheckConstraint(
                condition=Q(effort__gt=0, effort__lte=480), name="tasks_task_effort"
            ),
            models.CheckConstraint(condition=Q(escalated__lte=3), name="tasks_task_escalated"),
            models.CheckConstraint(
                condition=Q(
                    origin__in=[
                        "hand",
                        "commitment",
                        "call_back",
                        "playbook",
                        "survey",
                        "offer",
                    ]
                ),
                name="tasks_task_origin",
            ),
        ]
        indexes = [
            # My queue, and everybody's load; what is counted there needs no look at the tasks.
            models.Index(
                fields=["owner", "due_at", "id"],
                include=["effort", "snoozed_until", "account"],
                condition=Q(state__in=OPEN_STATES),
                name="tasks_task_of_owner",
            ),
            # A team's queue, and what waits in it for somebody.
            models.Index(
                fields=["queue", "due_at", "id"],
                condition=Q(state__in=OPEN_STATES, owner=None),
                name="tasks_task_waiting",
            ),
            # The next one to claim: what matters most, then what is due first.
            models.Index(
                fields=["queue", "priority", "due_at", "id"],
                condition=Q(state__in=OPEN_STATES, owner=None),
                name="tasks_task_next",
            ),
            # What is overdue or soon will be, for the worker.
            models.Index(
                fields=["due_at", "id"],
                condition=Q(state__in=OPEN_STATES),
                name="tasks_task_due",
            ),
            # What the worker has not seen, or not with the moment that it has now: asked every
            # few seconds, and nearly empty. By the index above it would walk past every task
            # that it saw long ago.
            models.Index(
                fields=["due_at", "id"],
                condition=Q(state__in=OPEN_STATES)
                & (
                    Q(seen_due_at=None)
                    | Q(seen_due_at__lt=F("due_at"))
                    | Q(seen_due_at__gt=F("due_at"))
                ),
                name="tasks_task_unseen",
            ),
            # A tab of the team's queue, and its figure: few of many open tasks.
            models.Index(
                fields=["due_at", "id"],
                condition=Q(state__in=OPEN_STATES, escalated__gt=0),
                name="tasks_task_late",
            ),
            # What wakes up.
            models.Index(
                fields=["snoozed_until"],
                condition=Q(snoozed_until__isnull=False),
                name="tasks_task_snoozed",
            ),
            # Open tasks of one customer, on their page.
            models.Index(
                fields=["account", "due_at"],
                condition=Q(state__in=OPEN_STATES),
                name="tasks_task_of_account",
            ),
            # Done today, by whom.
            models.Index(
                fields=["closed_by", "-closed_at"],
                condition=Q(closed_at__isnull=False),
                name="tasks_task_closed",
            ),
            # Whose moment depends on somebody's working time.
            models.Index(
                fields=["owner"],
                condition=Q(state__in=OPEN_STATES, due_after__isnull=False),
                name="tasks_task_recompute",
            ),
        ]

    def __str__(self):
        return f"{self.what} {self.pk}"

    def get_absolute_url(self):
        return reverse("tasks:detail", args=[self.pk])

    @property
    def is_open(self):
        """Whether there is still something to do."""
        return self.state in OPEN_STATES

    def is_asleep(self, at):
        """Whether it is put off until later."""
        return self.snoozed_until is not None and self.snoozed_until > at

    @property
    def is_there(self):
        """Whether its customer was not removed; of a merged record, the kept one."""
        records = [self.account, self.account.merged_into]
        return all(each is None or each.removed_at is None for each in records)

    @property
    def needs_outcome(self):
        """Whether whoever completes it has to say what came of it."""
        return self.asks_for_outcome(self.kind, self.origin)

    @classmethod
    def asks_for_outcome(cls, kind, origin):
        """Say whether it has to be said what came of such a task.

        Of a commitment that is what shows that it was kept.
        """
        return kind in cls.PERSONAL or origin == cls.Origin.COMMITMENT

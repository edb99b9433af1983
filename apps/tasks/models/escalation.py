"""Escalation: who is told when a task is nearly or past due, and who was."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.tasks.models.task import Task


class Policy(models.Model):
    """What happens to tasks of a kind and a priority that are not done in time."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    kind = models.CharField(
        _("kind"),
        max_length=11,
        choices=Task.Kind,
        blank=True,
        help_text=_("Empty: tasks of every kind."),
    )
    priority = models.PositiveSmallIntegerField(
        _("priority"),
        choices=Task.Priority,
        null=True,
        blank=True,
        help_text=_("Empty: tasks of every priority. The most exact policy counts."),
    )
    at_risk_minutes = models.PositiveSmallIntegerField(
        _("at risk"),
        default=60,
        help_text=_("Minutes of working time before the due moment. 0: never."),
    )
    reminds = models.BooleanField(
        _("remind the owner when a task is at risk"),
        default=True,
    )
    is_on = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("escalation policy")
        verbose_name_plural = _("escalation policies")
        constraints = [
            # One answer for every task; what is not in use may stand beside it.
            models.UniqueConstraint(
                fields=["kind", "priority"],
                condition=Q(is_on=True),
                nulls_distinct=False,
                name="tasks_policy_one_each",
            ),
            models.CheckConstraint(
                condition=Q(priority=None) | Q(priority__gte=1, priority__lte=4),
                name="tasks_policy_priority",
            ),
            # Two long days: further ahead nothing is in danger yet.
            models.CheckConstraint(
                condition=Q(at_risk_minutes__lte=960), name="tasks_policy_at_risk"
            ),
        ]

    def __str__(self):
        return self.name


class Level(models.Model):
    """One step of a policy: after how long whom, and what happens then."""

    class Number(models.IntegerChoices):
        """Whom a step is about."""

        OWNER = 1, _("The owner")
        LEAD = 2, _("The team’s lead")
        MANAGER = 3, _("The team’s manager")

    class Does(models.TextChoices):
        """What happens."""

        NOTIFY = "notify", _("Is told")
        REASSIGN = "reassign", _("Gets the task")
        BOTH = "both", _("Gets the task, and is told why")

    policy = models.ForeignKey(Policy, models.CASCADE, related_name="levels")
    number = models.PositiveSmallIntegerField(choices=Number)
    # Of working time, after the due moment.
    minutes = models.PositiveSmallIntegerField()
    does = models.CharField(max_length=8, choices=Does, default=Does.NOTIFY)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["policy", "number"], name="tasks_level_once"),
            models.CheckConstraint(
                condition=Q(number__gte=1, number__lte=3), name="tasks_level_number"
            ),
            # The owner has it already.
            models.CheckConstraint(
                condition=Q(does="notify") | Q(does__in=["reassign", "both"], number__gt=1),
                name="tasks_level_does",
            ),
        ]

    def __str__(self):
        return f"Level {self.number} of policy {self.policy_id} {self.pk}"


class Deadline(models.Model):
    """When the worker looks at a task again: its own note, apart from the rows people change.

    With which moment it saw the task stands on that itself, so that an index knows the others.
    """

    task = models.OneToOneField(Task, models.CASCADE, primary_key=True, related_name="deadline")
    look_at = models.DateTimeField(null=True)  # nothing more to come without one

    class Meta:
        indexes = [
            # What the worker looks at next.
            models.Index(
                fields=["look_at"],
                condition=Q(look_at__isnull=False),
                name="tasks_deadline_look",
            ),
        ]

    def __str__(self):
        return f"Deadline of task {self.task_id}"


class Escalation(models.Model):
    """Somebody was told of a task that was nearly or past due, or given it: once for a level."""

    task = models.ForeignKey(Task, models.CASCADE, related_name="escalations")
    due_at = models.DateTimeField()
    # Of `Level.Number`; 0 is the reminder before the moment.
    level = models.PositiveSmallIntegerField()
    told = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    does = models.CharField(max_length=8, choices=Level.Does)
    fired_at = models.DateTimeField()
    # Long after its moment, since nobody had looked for a while; so are the levels after it.
    is_late = models.BooleanField(default=False, db_default=False)
    # Told in one message with others for that reason.
    is_bundled = models.BooleanField(default=False)

    class Meta:
        constraints = [
            # One message per level for each moment that was missed.
            models.UniqueConstraint(
                fields=["task", "due_at", "level"], name="tasks_escalation_once"
            ),
            models.CheckConstraint(condition=Q(level__lte=3), name="tasks_escalation_level"),
            models.CheckConstraint(
                condition=Q(does__in=["notify", "reassign", "both"]),
                name="tasks_escalation_does",
            ),
        ]
        indexes = [
            # Of how many late tasks somebody was told a moment ago.
            models.Index(
                fields=["told", "fired_at"],
                condition=Q(is_late=True),
                name="tasks_escalation_late",
            ),
        ]

    def __str__(self):
        return f"Level {self.level} of task {self.task_id} {self.pk}"

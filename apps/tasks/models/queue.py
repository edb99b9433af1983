"""Queue: where tasks of a team wait for somebody."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.users.models import Team


class Queue(models.Model):
    """Where tasks of a team wait, and how they find somebody."""

    class Routing(models.TextChoices):
        """Who gets a task that arrives."""

        CLAIM = "claim", _("Nobody: people take the next one")
        OWNER = "owner", _("The customer’s owner")
        ROUND_ROBIN = "round_robin", _("Each in turn")
        LEAST_BUSY = "least_busy", _("Whoever has most time left")

    name = models.CharField(_("name"), max_length=80, unique=True)
    team = models.ForeignKey(Team, models.PROTECT, related_name="queues")
    routing = models.CharField(_("routing"), max_length=11, choices=Routing, default=Routing.CLAIM)
    # Where a task goes when its own queue finds nobody.
    is_fallback = models.BooleanField(
        _("fallback"),
        default=False,
        help_text=_("Takes every task for which nobody was found. There is one."),
    )
    # Who was given the last task, in turn; read and set under the row's lock.
    turn = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+"
    )

    class Meta:
        verbose_name = _("queue")
        verbose_name_plural = _("queues")
        constraints = [
            models.UniqueConstraint(
                fields=["is_fallback"], condition=Q(is_fallback=True), name="tasks_queue_fallback"
            ),
            models.CheckConstraint(
                condition=Q(routing__in=["claim", "owner", "round_robin", "least_busy"]),
                name="tasks_queue_routing",
            ),
            # The fallback gives to nobody by itself: that is what it is for.
            models.CheckConstraint(
                condition=Q(is_fallback=False) | Q(routing="claim"),
                name="tasks_queue_fallback_waits",
            ),
        ]

    def __str__(self):
        return self.name

"""Watch and Notification."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.history.models import Event, Timeline


class Watch(models.Model):
    """Somebody follows a history: they are told what happens on it."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="watches")
    timeline = models.ForeignKey(Timeline, models.PROTECT, related_name="watches")
    since = models.DateTimeField()

    class Meta:
        verbose_name_plural = "watches"
        constraints = [
            models.UniqueConstraint(
                fields=["timeline", "user"], name="notifications_watch_once_each"
            ),
        ]

    def __str__(self):
        return f"{self.user_id} watches timeline {self.timeline_id}"


class NotificationQuerySet(models.QuerySet):
    """Sets of notifications."""

    def unread(self):
        """Not looked at yet."""
        return self.filter(read_at=None)


class Notification(models.Model):
    """One thing that one person is told, once."""

    class Why(models.TextChoices):
        """Why this person is told."""

        MENTIONED = "mentioned", _("You were mentioned")
        OWNER = "owner", _("Your customer")
        WATCHING = "watching", _("You follow this customer")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    event = models.ForeignKey(Event, models.PROTECT, related_name="notifications")
    why = models.CharField(max_length=12, choices=Why)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        constraints = [
            # One notice for one event, however many reasons there are.
            models.UniqueConstraint(
                fields=["user", "event"], name="notifications_notification_once_each"
            ),
            models.CheckConstraint(
                condition=Q(why__in=["mentioned", "owner", "watching"]),
                name="notifications_notification_why",
            ),
        ]
        indexes = [
            # The page of notifications, newest first.
            models.Index(fields=["user", "-id"], name="notifications_newest"),
            # The bell's count on every page.
            models.Index(fields=["user"], condition=Q(read_at=None), name="notifications_unread"),
        ]

    def __str__(self):
        return f"Event {self.event_id} for {self.user_id}"

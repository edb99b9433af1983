"""Watch and Notification, how people want to be told, and what is mailed to them."""

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
        TASK = "task", _("A task")
        LATE = "late", _("A late task")

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
                condition=Q(why__in=["mentioned", "owner", "watching", "task", "late"]),
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


class Preference(models.Model):
    """How one person wants to be told of one kind of thing; without a row it is as usual."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    why = models.CharField(max_length=12, choices=Notification.Why)
    # What does not ring is on the page of notifications all the same, as read.
    rings = models.BooleanField()
    is_mailed = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "why"], name="notifications_preference_once"),
            models.CheckConstraint(
                condition=Q(why__in=["mentioned", "owner", "watching", "task", "late"]),
                name="notifications_preference_why",
            ),
        ]

    def __str__(self):
        return f"{self.why} for {self.user_id}"


class Rhythm(models.Model):
    """When somebody wants no mail, and when their daily digest; by the clocks of their zone."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="rhythm"
    )
    # Over midnight where the first is later than the second; none: mail comes at any time.
    quiet_from = models.TimeField(null=True)
    quiet_until = models.TimeField(null=True)
    digest_at = models.TimeField(null=True)
    next_digest_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(quiet_from=None, quiet_until=None)
                | Q(quiet_from__isnull=False, quiet_until__isnull=False),
                name="notifications_rhythm_quiet_whole",
            ),
            models.CheckConstraint(
                condition=Q(digest_at=None, next_digest_at=None)
                | Q(digest_at__isnull=False, next_digest_at__isnull=False),
                name="notifications_rhythm_digest_whole",
            ),
        ]
        indexes = [
            # Whose digest is due, for the worker.
            models.Index(
                fields=["next_digest_at"],
                condition=Q(next_digest_at__isnull=False),
                name="notifications_digest_due",
            ),
        ]

    def __str__(self):
        return f"Rhythm of {self.user_id}"


class Letter(models.Model):
    """Something to be mailed to a colleague: one notification, or the digest of a day."""

    class State(models.TextChoices):
        """What became of it."""

        WAITING = "waiting", _("Waiting")
        SENDING = "sending", _("Being sent")
        SENT = "sent", _("Sent")
        # The worker died in between: nobody knows, and it is not sent again.
        UNCERTAIN = "uncertain", _("Perhaps sent")
        FAILED = "failed", _("Not sent")
        # Read meanwhile, or nothing to say, or nobody there to read it.
        DROPPED = "dropped", _("Not needed any more")

    OPEN = ("waiting", "sending")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    notification = models.OneToOneField(
        Notification, models.CASCADE, null=True, related_name="letter"
    )
    digest_on = models.DateField(null=True)
    state = models.CharField(max_length=9, choices=State, default=State.WAITING)
    # When it may be sent, or tried again, or is given up by whoever was sending it.
    next_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            # One digest a day.
            models.UniqueConstraint(
                fields=["user", "digest_on"], name="notifications_letter_one_digest"
            ),
            models.CheckConstraint(
                condition=Q(notification=None, digest_on__isnull=False)
                | Q(notification__isnull=False, digest_on=None),
                name="notifications_letter_of_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=["waiting", "sending", "sent", "uncertain", "failed", "dropped"]
                ),
                name="notifications_letter_state",
            ),
        ]
        indexes = [
            # What the worker sends next.
            models.Index(
                fields=["next_at"],
                condition=Q(state__in=["waiting", "sending"]),
                name="notifications_letter_due",
            ),
            # What did not reach somebody, on their page.
            models.Index(
                fields=["user", "done_at"],
                condition=Q(state__in=["uncertain", "failed"]),
                name="notifications_letter_failed",
            ),
        ]

    def __str__(self):
        return f"Letter to {self.user_id} {self.pk}"

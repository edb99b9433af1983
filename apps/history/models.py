"""Timeline, Event, Pin and Delivery."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.history import kinds
from apps.users.models import User


class Timeline(models.Model):
    """One thing's history. Its row is also the lock that puts its events in order."""

    # Kept by `record()`, which holds the row anyway; lists show it without reading events.
    last_touch_at = models.DateTimeField(null=True, editable=False)

    def __str__(self):
        return f"Timeline {self.pk}"


# What a sentence says nothing of.
UNUSED = [
    f"actor__{field.name}"
    for field in User._meta.concrete_fields
    if field.name not in {"id", "name", "email"}
]


class EventQuerySet(models.QuerySet):
    """Sets of events."""

    def on(self, *timelines):
        """Events of the given timelines."""
        return self.filter(timeline__in=timelines)

    def of_kinds(self, names):
        """Events of any of the given kinds."""
        return self.filter(kind__in=list(names))

    def for_list(self):
        """With what a sentence needs: of the actor the name alone."""
        return self.select_related("actor").defer(*UNUSED)

    def newest_first(self):
        """By the moment it happened; equal moments by the order they were written."""
        return self.order_by("-happened_at", "-id")


class Event(models.Model):
    """Something that happened, in the past tense; never changed, never removed.

    `happened_at` may lie before `recorded_at`: somebody wrote it down later.
    """

    timeline = models.ForeignKey(Timeline, models.PROTECT, related_name="events")
    kind = models.CharField(max_length=60)
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    channel = models.CharField(max_length=20, blank=True)
    payload = models.JSONField(default=dict)
    # A label and an id, not a foreign key: history lies below everything it speaks of.
    subject_label = models.CharField(max_length=60, blank=True)
    subject_id = models.BigIntegerField(null=True)
    # Recording the same thing twice is recording it once.
    key = models.CharField(max_length=120, null=True, unique=True)  # noqa: DJ001  NULLs don't collide

    objects = EventQuerySet.as_manager()

    class Meta:
        indexes = [
            # The customer page: newest entries of one timeline, by keyset.
            models.Index(
                F("timeline"), F("happened_at").desc(), F("id").desc(), name="history_event_newest"
            ),
            # The filter chips of the same page count and pick by kind.
            models.Index(fields=["timeline", "kind"], name="history_event_kind"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(subject_label="") | Q(subject_id__isnull=False),
                name="history_event_subject_whole",
            ),
        ]

    def __str__(self):
        return f"{self.kind} {self.pk}"

    @property
    def about(self):
        """The registered kind: its label, icon and template."""
        return kinds.get(self.kind)

    @property
    def is_back_dated(self):
        """True when it was written down a day or more after it happened."""
        return (self.recorded_at - self.happened_at).total_seconds() >= kinds.BACK_DATED_AFTER


class Pin(models.Model):
    """An entry that stays on top of its timeline until somebody takes it down."""

    event = models.OneToOneField(Event, models.PROTECT, related_name="pin")
    timeline = models.ForeignKey(Timeline, models.PROTECT, related_name="pins")
    pinned_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    pinned_at = models.DateTimeField()

    def __str__(self):
        return f"Pin of event {self.event_id}"


class DeliveryQuerySet(models.QuerySet):
    """Sets of deliveries."""

    def pending(self):
        """Still to be handed over."""
        return self.filter(state=Delivery.State.PENDING)

    def parked(self):
        """Given up on until an admin retries."""
        return self.filter(state=Delivery.State.PARKED)

    def due(self, at):
        """Next in line for their subscriber and timeline, and not waiting or held."""
        ahead = Delivery.objects.pending().filter(
            timeline=OuterRef("timeline"),
            subscriber=OuterRef("subscriber"),
            event__lt=OuterRef("event"),
        )
        return self.pending().filter(~Exists(ahead), next_at__lte=at)


class Delivery(models.Model):
    """One event on its way to one subscriber: the row that makes it happen at least once.

    For one timeline and subscriber deliveries go in the order of their events. While one
    waits to be tried again, those behind it wait too; a parked one lets them pass.
    """

    class State(models.TextChoices):
        """Where a delivery stands."""

        PENDING = "pending", _("Waiting")
        DONE = "done", _("Done")
        PARKED = "parked", _("Needs attention")

    event = models.ForeignKey(Event, models.PROTECT, related_name="deliveries")
    timeline = models.ForeignKey(Timeline, models.PROTECT, related_name="+")
    subscriber = models.CharField(max_length=80)
    state = models.CharField(max_length=8, choices=State, default=State.PENDING)
    attempts = models.PositiveSmallIntegerField(default=0)
    # When it may next be tried. A claim pushes it ahead by the lease, so that a worker that
    # dies with the claim lets go by itself.
    next_at = models.DateTimeField(default=timezone.now)
    last_error = models.TextField(blank=True)
    done_at = models.DateTimeField(null=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "deliveries"
        constraints = [
            models.UniqueConstraint(
                fields=["event", "subscriber"], name="history_delivery_once_each"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["pending", "done", "parked"]), name="history_delivery_state"
            ),
        ]
        indexes = [
            # Finding who is next in line; done rows, the many, stay out of it.
            models.Index(
                fields=["timeline", "subscriber", "event"],
                condition=Q(state="pending"),
                name="history_delivery_line",
            ),
            # The ticker's question whether anything is due.
            models.Index(
                fields=["next_at"], condition=Q(state="pending"), name="history_delivery_due"
            ),
        ]

    def __str__(self):
        return f"{self.subscriber} ← event {self.event_id}"

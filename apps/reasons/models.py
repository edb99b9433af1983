"""Category, Reason and Competitor."""

from django.db import models
from django.db.models import Prefetch, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from apps.history.models import Timeline


class Solvable(models.TextChoices):
    """Whether we can usually do something about a reason."""

    YES = "yes", _("Yes")
    PARTLY = "partly", _("In part")
    NO = "no", _("No")


class CategoryQuerySet(models.QuerySet):
    """Sets of categories."""

    def current(self):
        """Not retired."""
        return self.filter(retired_at=None)

    def for_call(self):
        """In the order of their keys, with their current reasons."""
        reasons = Reason.objects.filter(retired_at=None).order_by("position", "id")
        return self.current().prefetch_related(Prefetch("reasons", reasons)).order_by("position")


class Category(models.Model):
    """The first level: what kind of trouble it is."""

    name = models.CharField(max_length=40)
    question = models.CharField(
        max_length=80, help_text=_("Asked to find the exact reason: What about the price?")
    )
    position = models.PositiveSmallIntegerField(help_text=_("The key that picks it, 1 to 9."))
    retired_at = models.DateTimeField(null=True, blank=True, editable=False)
    timeline = models.OneToOneField(Timeline, models.PROTECT, related_name="+", editable=False)

    objects = CategoryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "categories"
        constraints = [
            models.UniqueConstraint(
                Lower("name"), condition=Q(retired_at=None), name="reasons_category_name"
            ),
            # Each current category has its own key on the call page.
            models.UniqueConstraint(
                fields=["position"],
                condition=Q(retired_at=None),
                name="reasons_category_position",
            ),
            models.CheckConstraint(
                condition=Q(position__range=(1, 9)), name="reasons_category_one_digit"
            ),
        ]

    def __str__(self):
        return self.name


class Reason(models.Model):
    """The second level: why, exactly; with what helps the agent at that moment."""

    category = models.ForeignKey(Category, models.PROTECT, related_name="reasons")
    name = models.CharField(max_length=60)
    position = models.PositiveSmallIntegerField(default=1)
    solvable = models.CharField(max_length=6, choices=Solvable, default=Solvable.PARTLY)
    say = models.TextField(blank=True, help_text=_("What is worth saying."))
    ask = models.TextField(blank=True, help_text=_("What to ask next."))
    offer = models.TextField(blank=True, help_text=_("What may help them, in words."))
    win_back_days = models.PositiveSmallIntegerField(
        _("days before win-back"),
        default=30,
        db_default=30,
        help_text=_(
            "Who left for this reason is not asked to come back, nor made an offer, before."
        ),
    )
    retired_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "category",
                Lower("name"),
                condition=Q(retired_at=None),
                name="reasons_reason_name",
            ),
            models.CheckConstraint(
                condition=Q(solvable__in=Solvable.values), name="reasons_reason_solvable"
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def has_guidance(self):
        """True when there is anything to show beside the reason."""
        return bool(self.say or self.ask or self.offer)


class Prompt(models.Model):
    """A text for a generator of texts, which an agent copies with the case's facts filled in."""

    name = models.CharField(max_length=60)
    text = models.TextField(max_length=4000)
    position = models.PositiveSmallIntegerField(default=1)
    retired_at = models.DateTimeField(null=True, blank=True, editable=False)
    timeline = models.OneToOneField(Timeline, models.PROTECT, related_name="+", editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Lower("name"), condition=Q(retired_at=None), name="reasons_prompt_name"
            ),
        ]

    def __str__(self):
        return self.name


class Competitor(models.Model):
    """Somebody customers leave us for."""

    name = models.CharField(max_length=80)
    retired_at = models.DateTimeField(null=True, blank=True, editable=False)
    # Made when somebody first edits it; competitors also come in bulk, by import.
    timeline = models.OneToOneField(
        Timeline, models.PROTECT, null=True, related_name="+", editable=False
    )

    class Meta:
        constraints = [models.UniqueConstraint(Lower("name"), name="reasons_competitor_name")]

    def __str__(self):
        return self.name

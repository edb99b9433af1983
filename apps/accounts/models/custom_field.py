"""CustomField: a fact about customers that an admin invented."""

from django.db import models
from django.db.models import Case, Min, Q, Value, When, Window
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from apps.history.models import Timeline


class FieldKind(models.TextChoices):
    """What may be typed into a custom field."""

    TEXT = "text", _("Text")
    NUMBER = "number", _("Number")
    MONEY = "money", _("Money")
    DATE = "date", _("Date")
    CHOICE = "choice", _("Choice")
    YES_NO = "yes_no", _("Yes or no")
    LINK = "link", _("Link")


# What stands in no group comes first; a group stands where the lowest of its fields does.
IN_ORDER = (
    Case(When(group="", then=0), default=1).asc(),
    Window(Min("position"), partition_by="group").asc(),
    *("group", "position", "id"),
)


class CustomFieldQuerySet(models.QuerySet):
    """Sets of custom fields."""

    def current(self):
        """Not retired."""
        return self.filter(retired_at=None)

    def in_order(self):
        """As forms, pages, filters and files show them: group by group, each by place."""
        return self.order_by(*IN_ORDER)


class CustomField(models.Model):
    """The definition of a fact; the values are in `Account.custom`, under its key.

    The key and the kind stay for good, since values, saved views and import mappings use them.
    """

    key = models.SlugField(
        max_length=40,
        unique=True,
        help_text=_("How imports and addresses call it: small letters, digits and underscores."),
    )
    label = models.CharField(max_length=60)
    hint = models.CharField(max_length=120, blank=True)
    kind = models.CharField(max_length=8, choices=FieldKind)
    # For a choice: its values, in order, as they are stored and shown.
    choices = models.JSONField(default=list, blank=True)
    # Values taken off that list which customers still have: shown, found, no longer offered.
    former_choices = models.JSONField(
        default=list, db_default=Value([], output_field=models.JSONField()), editable=False
    )
    is_required = models.BooleanField(_("required"), default=False)
    group = models.CharField(
        max_length=40, blank=True, help_text=_("Fields of one group stand together.")
    )
    position = models.PositiveSmallIntegerField(default=1)
    retired_at = models.DateTimeField(null=True, blank=True, editable=False)
    timeline = models.OneToOneField(Timeline, models.PROTECT, related_name="+", editable=False)

    objects = CustomFieldQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=FieldKind.values), name="accounts_customfield_kind"
            ),
            models.CheckConstraint(
                condition=Q(key__regex=r"^[a-z][a-z0-9_]*$"), name="accounts_customfield_key"
            ),
            models.CheckConstraint(
                condition=~Q(kind="choice") | ~Q(choices=[]),
                name="accounts_customfield_choices",
                violation_error_message=_("Give the values to choose from."),
            ),
            models.UniqueConstraint(
                Lower("label"), condition=Q(retired_at=None), name="accounts_customfield_label"
            ),
        ]

    def __str__(self):
        return self.key

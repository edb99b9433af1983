"""Contact: a person at a customer, and whether they may be contacted."""

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Concat
from django.utils.translation import gettext_lazy as _

from apps.accounts.models.account import Account


class Channel(models.TextChoices):
    """How people talk to each other."""

    PHONE = "phone", _("Phone")
    EMAIL = "email", _("E-mail")
    SMS = "sms", _("Text message")
    CHAT = "chat", _("Chat")
    POST = "post", _("Post")


class ContactQuerySet(models.QuerySet):
    """Sets of contacts."""

    def live(self):
        """Contacts that are there: not removed."""
        return self.filter(removed_at=None)


class Contact(models.Model):
    """A person at a customer."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="contacts")
    name = models.CharField(max_length=120)
    title = models.CharField(max_length=120, blank=True)
    email = models.EmailField(blank=True)
    phone = models.CharField(
        max_length=16, blank=True, help_text=_("In international form, as +441614960142.")
    )
    preferred_channel = models.CharField(max_length=8, choices=Channel, default=Channel.PHONE)
    language = models.CharField(max_length=8, default="en")
    is_primary = models.BooleanField(default=False)
    # Goes up with every change, as that of the customer does.
    version = models.PositiveIntegerField(default=1, db_default=1)
    created_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, editable=False)
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    search_key = models.GeneratedField(
        expression=Func(
            Concat(
                "name", Value(" "), "email", Value(" "), "phone", output_field=models.TextField()
            ),
            function="fold",
        ),
        output_field=models.TextField(),
        db_persist=True,
    )

    objects = ContactQuerySet.as_manager()

    class Meta:
        constraints = [
            # E.164: a plus, then up to 15 digits.
            models.CheckConstraint(
                condition=Q(phone="") | Q(phone__regex=r"^\+[1-9][0-9]{6,14}$"),
                name="accounts_contact_phone_e164",
            ),
            models.CheckConstraint(
                condition=Q(preferred_channel__in=Channel.values), name="accounts_contact_channel"
            ),
            # At most one contact is the first to call.
            models.UniqueConstraint(
                fields=["account"],
                condition=Q(is_primary=True),
                name="accounts_contact_one_primary",
            ),
            # Whoever is removed is not the first to call any more.
            models.CheckConstraint(
                condition=Q(removed_at=None) | Q(is_primary=False),
                name="accounts_contact_removed_not_primary",
            ),
        ]
        indexes = [
            # Search by the caller's name, number or address.
            GinIndex(
                fields=["search_key"], opclasses=["gin_trgm_ops"], name="accounts_contact_search"
            ),
        ]

    def __str__(self):
        return f"{self.name} {self.pk}"


class ContactPermission(models.Model):
    """One dated statement that a contact may, or may no longer, be contacted on a channel.

    Rows are only added; the newest for a channel counts.
    """

    contact = models.ForeignKey(Contact, models.PROTECT, related_name="permissions")
    channel = models.CharField(max_length=8, choices=Channel)
    is_given = models.BooleanField()
    source = models.CharField(
        max_length=120, help_text=_("Where they said so: a call, a form, a contract.")
    )
    said_at = models.DateTimeField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(channel__in=Channel.values), name="accounts_contactpermission_channel"
            ),
        ]
        indexes = [
            # The newest statement for each channel of a contact.
            models.Index(
                F("contact"), F("channel"), F("said_at").desc(), name="accounts_permission_newest"
            ),
        ]

    def __str__(self):
        return f"{self.channel} {'given' if self.is_given else 'withdrawn'} {self.pk}"

"""Identity: how we recognise a customer, whichever way they come."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.models.account import Account
from apps.accounts.models.contact import Contact


class IdentityKind(models.TextChoices):
    """What kind of mark it is."""

    EMAIL = "email", _("E-mail")
    PHONE = "phone", _("Phone")
    DOMAIN = "domain", _("Web domain")
    EXTERNAL = "external", _("Number elsewhere")


class Identity(models.Model):
    """A mark that belongs to exactly one customer: an address, a number, an id elsewhere."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="identities")
    contact = models.ForeignKey(
        Contact, models.CASCADE, null=True, blank=True, related_name="identities"
    )
    kind = models.CharField(max_length=8, choices=IdentityKind)
    value = models.CharField(max_length=254)
    normalised = models.CharField(max_length=254)
    source = models.CharField(max_length=60)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "identities"
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "normalised"], name="accounts_identity_one_owner"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=IdentityKind.values), name="accounts_identity_kind"
            ),
        ]

    def __str__(self):
        return f"{self.kind} {self.normalised} {self.pk}"


class BlockedIdentity(models.Model):
    """A value that many people share and that must never identify anybody."""

    kind = models.CharField(max_length=8, choices=IdentityKind)
    normalised = models.CharField(
        max_length=254, help_text=_("For example +440000000000 or info@example.com.")
    )
    reason = models.CharField(max_length=120)

    class Meta:
        verbose_name_plural = "blocked identities"
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "normalised"], name="accounts_blockedidentity_once"
            ),
        ]

    def __str__(self):
        return f"{self.kind} {self.normalised} {self.pk}"

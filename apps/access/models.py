"""Member and Invitation."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from apps.history.models import Timeline


class Role(models.TextChoices):
    """What somebody's work here is; decides their rights (see rules.py)."""

    AGENT = "agent", _("Agent")
    MANAGER = "manager", _("Manager")
    ADMIN = "admin", _("Admin")


class Authority(models.TextChoices):
    """How much somebody may promise without asking."""

    AGENT = "agent", _("Agent")
    SENIOR = "senior", _("Senior agent")
    MANAGER = "manager", _("Manager")


class Member(models.Model):
    """What a user is in this workspace, with the history of how that changed."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="member"
    )
    role = models.CharField(max_length=8, choices=Role, default=Role.AGENT)
    authority = models.CharField(max_length=8, choices=Authority, default=Authority.AGENT)
    timeline = models.OneToOneField(Timeline, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(role__in=Role.values), name="access_member_role"),
            models.CheckConstraint(
                condition=Q(authority__in=Authority.values), name="access_member_authority"
            ),
        ]

    def __str__(self):
        return f"{self.get_role_display()} {self.pk}"


class InvitationQuerySet(models.QuerySet):
    """Sets of invitations."""

    def open(self, at):
        """Neither used, nor withdrawn, nor run out."""
        return self.filter(accepted_at=None, withdrawn_at=None, expires_at__gt=at)


class Invitation(models.Model):
    """A link sent to somebody's address that lets them join, once, within a week.

    Only a hash of the link's secret is kept: who reads the database can't use it.
    """

    email = models.EmailField()
    name = models.CharField(max_length=120)
    role = models.CharField(max_length=8, choices=Role, default=Role.AGENT)
    team = models.ForeignKey("users.Team", models.PROTECT, null=True, blank=True, related_name="+")
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    secret_hash = models.CharField(max_length=64, unique=True)
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="invitation"
    )
    withdrawn_at = models.DateTimeField(null=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        constraints = [
            # One open invitation for an address; sending again replaces the link.
            models.UniqueConstraint(
                Lower("email"),
                condition=Q(accepted_at=None, withdrawn_at=None),
                name="access_invitation_one_open",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at=None, accepted_by=None)
                | Q(accepted_at__isnull=False, accepted_by__isnull=False),
                name="access_invitation_accepted_whole",
            ),
            models.CheckConstraint(
                condition=Q(role__in=Role.values), name="access_invitation_role"
            ),
        ]

    def __str__(self):
        return f"{self.email} {self.pk}"

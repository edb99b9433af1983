"""User and Team."""

from zoneinfo import available_timezones

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.expressions import RawSQL
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _


def validate_time_zone(value):
    """Refuse what is not an IANA zone name."""
    # Two of Python's names are no zones, and the database does not know them.
    if value not in available_timezones() - {"localtime", "Factory"}:
        raise ValidationError(_("Choose a time zone such as Europe/London."))


class TeamQuerySet(models.QuerySet):
    """Sets of teams."""

    def hidden_from(self, user):
        """Private teams whose customers this person must not see."""
        return self.filter(pk__in=user.hidden_teams)


class Team(models.Model):
    """People who share a queue, a calendar and a manager."""

    name = models.CharField(max_length=80, unique=True)
    time_zone = models.CharField(max_length=64, default="UTC", validators=[validate_time_zone])
    is_private = models.BooleanField(
        default=False,
        help_text=_("Only its members, its lead, its manager and admins see its customers."),
    )
    lead = models.ForeignKey(
        "users.User", models.SET_NULL, null=True, blank=True, related_name="leads"
    )
    manager = models.ForeignKey(
        "users.User", models.SET_NULL, null=True, blank=True, related_name="manages"
    )

    objects = TeamQuerySet.as_manager()

    def __str__(self):
        return self.name


# Ids of the private teams that a person is no part of. SQL, since it comes along with the
# signed-in person on every request and a built subquery costs more than a query of its own.
CLOSED_TEAMS = RawSQL(
    """ARRAY(
        SELECT id FROM users_team
        WHERE is_private
        AND id IS DISTINCT FROM users_user.team_id
        AND lead_id IS DISTINCT FROM users_user.id
        AND manager_id IS DISTINCT FROM users_user.id
    )""",
    [],
    output_field=ArrayField(models.BigIntegerField()),
)


class UserManager(BaseUserManager):
    """Makes users; `access` gives them a role, without which they may do nothing."""

    def create_user(self, email, password=None, **fields):
        """Create one person; without a password they can't sign in yet."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username):
        """Find somebody by the address they typed, in whatever case."""
        return self.get(email=username.strip().lower())


class User(AbstractBaseUser, PermissionsMixin):
    """Somebody who works here and signs in with an e-mail address."""

    class Theme(models.TextChoices):
        """What the interface looks like."""

        SYSTEM = "system", _("As the computer says")
        LIGHT = "light", _("Light")
        DARK = "dark", _("Dark")

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120)
    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="members")
    time_zone = models.CharField(max_length=64, default="UTC", validators=[validate_time_zone])
    theme = models.CharField(max_length=8, choices=Theme, default=Theme.SYSTEM)
    has_shortcuts = models.BooleanField(
        default=True, help_text=_("Single-key shortcuts such as S for Log a save.")
    )
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False, help_text=_("May open the settings pages."))
    joined_at = models.DateTimeField(default=timezone.now)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        constraints = [
            # Addresses that differ in case alone are the same person.
            models.UniqueConstraint(Lower("email"), name="users_user_email_any_case"),
            models.CheckConstraint(
                condition=models.Q(theme__in=["system", "light", "dark"]), name="users_user_theme"
            ),
        ]

    @cached_property
    def closed_teams(self):
        """Ids of the private teams that this person is no part of; read with the signed-in."""
        return User.objects.values_list(CLOSED_TEAMS, flat=True).get(pk=self.pk)

    @cached_property
    def hidden_teams(self):
        """Ids of the private teams whose customers this person must not see.

        Asked once: one request looks at customers in several ways, and in most workspaces
        the answer is none, which keeps every other query simple.
        """
        return [] if self.has_perm("accounts.see_private") else self.closed_teams

    def __str__(self):
        return self.name or self.email

    def get_short_name(self):
        return (self.name or self.email).split()[0]

    def get_full_name(self):
        return str(self)

"""SavedView: a list as somebody likes it, under a name."""

from datetime import timedelta

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from apps.users.models import Team

# A view that was removed comes back as it was for so long, and then is swept.
UNDO_REMOVAL_FOR, REMOVED_KEPT = timedelta(minutes=10), timedelta(days=1)


class SavedViewQuerySet(models.QuerySet):
    """Sets of views."""

    def of_page(self, page):
        """Views of one list."""
        return self.filter(page=page)

    def visible_to(self, user):
        """Views that a person may open: their own, their team's and everybody's."""
        shared = Q(sharing=SavedView.Sharing.EVERYONE)
        if user.team_id is not None:
            shared |= Q(sharing=SavedView.Sharing.TEAM, team=user.team_id)
        return self.filter(shared | Q(owner=user), removed_at=None)

    def removed(self):
        """Views that were removed, as long as they are kept."""
        return self.filter(removed_at__isnull=False)

    def by_name(self):
        """In the order of a menu."""
        return self.order_by(Lower("name"), "pk")


class SavedView(models.Model):
    """A question to a list, its columns and its order, kept under a name.

    A list's address says everything that the list shows, so a view is an address with a name;
    what it filters by is always in sight.
    """

    class Sharing(models.TextChoices):
        """Who finds it in their menu."""

        MINE = "mine", _("Only me")
        TEAM = "team", _("My team")
        EVERYONE = "everyone", _("Everyone")

    # Which list; lists of other rooms keep theirs here too.
    page = models.CharField(max_length=30, default="customers")
    name = models.CharField(max_length=60)
    query = models.TextField(blank=True, help_text=_("Filters and order, as in the address."))
    columns = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    sharing = models.CharField(max_length=8, choices=Sharing, default=Sharing.MINE)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="views")
    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="+")
    # Rows are put into it by hand instead of found by filters.
    is_picked = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    # Nobody finds it from then on; picks and defaults wait with it for an undo.
    removed_at = models.DateTimeField(null=True, blank=True)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(sharing__in=["mine", "team", "everyone"]),
                name="workspace_savedview_sharing",
            ),
            models.CheckConstraint(
                condition=Q(sharing="team", team__isnull=False)
                | (~Q(sharing="team") & Q(team__isnull=True)),
                name="workspace_savedview_team_when_shared",
            ),
            # Two views of one person with one name could not be told apart.
            models.UniqueConstraint(
                "owner",
                "page",
                Lower("name"),
                condition=Q(removed_at=None),
                name="workspace_savedview_named_once",
            ),
        ]

    def __str__(self):
        return f"{self.name} ({self.page})"

    @property
    def undo_until(self):
        """Until when a removed view can be brought back."""
        return self.removed_at + UNDO_REMOVAL_FOR


class DefaultView(models.Model):
    """The view that a list opens with: a person's own choice, else that of their role."""

    page = models.CharField(max_length=30, default="customers")
    # Without one, a person opens the whole list, whatever their role would.
    view = models.ForeignKey(
        SavedView, models.CASCADE, null=True, blank=True, related_name="defaults"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="+"
    )
    role = models.CharField(max_length=10, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(user__isnull=False, role="") | (Q(user__isnull=True) & ~Q(role="")),
                name="workspace_defaultview_person_or_role",
            ),
            models.UniqueConstraint(
                fields=["page", "user"],
                condition=Q(user__isnull=False),
                name="workspace_defaultview_one_a_person",
            ),
            models.UniqueConstraint(
                fields=["page", "role"],
                condition=~Q(role=""),
                name="workspace_defaultview_one_a_role",
            ),
        ]

    def __str__(self):
        return f"{self.page}: {self.view_id} for {self.role or self.user_id}"


class ViewPick(models.Model):
    """One row that somebody put into a hand-picked view; lists lie above, so by its id alone."""

    view = models.ForeignKey(SavedView, models.CASCADE, related_name="picks")
    subject_id = models.BigIntegerField()
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["view", "subject_id"], name="workspace_viewpick_once"),
        ]

    def __str__(self):
        return f"{self.subject_id} in view {self.view_id}"

"""Asking a person's role what they may do."""

from django.contrib.auth.backends import ModelBackend

from apps.access import rules
from apps.users.models import CLOSED_TEAMS, User


class RoleBackend(ModelBackend):
    """Checks passwords as Django does, and rights by the role table."""

    def get_user(self, user_id):
        """Load the signed-in person with what every page needs, in one query."""
        people = User.objects.select_related("member", "team").annotate(closed_teams=CLOSED_TEAMS)
        user = people.filter(pk=user_id).first()
        return user if user is not None and self.user_can_authenticate(user) else None

    def has_perm(self, user_obj, perm, obj=None):
        """Say whether an active person's role includes a permission code."""
        member = getattr(user_obj, "member", None)
        return user_obj.is_active and member is not None and rules.allows(member.role, perm)

    def has_module_perms(self, user_obj, app_label):
        """Say whether the settings pages of an app show up: for admins, all of them."""
        return self.has_perm(user_obj, "access.open_settings")

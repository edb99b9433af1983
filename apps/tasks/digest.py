"""What somebody has to do, in their daily digest."""

from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.notifications.digest import Section, register
from apps.tasks.queries import today


def what_is_due(user, *, at):
    """Return what is late and what is due today, the soonest first."""
    late, due = today.of(user, at=at)
    zone = ZoneInfo(user.time_zone)
    lines = []
    if late:
        words = ngettext("%(count)s task is late", "%(count)s tasks are late", late)
        lines.append(words % {"count": late})
    lines += [
        _("%(clock)s %(what)s, %(customer)s")
        % {
            "clock": f"{task.due_at.astimezone(zone):%H:%M}",
            "what": task.what,
            "customer": (task.account.merged_into or task.account).name,
        }
        for task in due
    ]
    return Section(_("Your tasks today"), lines) if lines else None


register("tasks", what_is_due)

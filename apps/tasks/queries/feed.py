"""What somebody's calendar shows of their tasks."""

from datetime import timedelta

from django.utils.translation import gettext as _

from apps.access.rules import hash_secret
from apps.core.addresses import address
from apps.tasks.models import Feed, Task
from apps.tasks.rules.ical import Entry, calendar
from apps.users.models import CLOSED_TEAMS, User

# Nobody plans so much, and a calendar asks every few minutes.
MOST = 500


def of(user):
    """Return somebody's address, or None."""
    return Feed.objects.filter(user=user).first()


def reader(secret):
    """Return whose address has a secret; None for a wrong one, and for who may not do tasks."""
    wanted = Feed.objects.filter(secret_hash=hash_secret(secret)).values("user")
    people = User.objects.select_related("member").annotate(closed_teams=CLOSED_TEAMS)
    found = people.filter(pk__in=wanted, is_active=True).first()
    return found if found and found.has_perm("tasks.work") else None


def text(user, *, base, at):
    """Return somebody's open tasks as a calendar, the soonest first.

    Args:
        user: whose.
        base: the address of this installation, such as https://mainstay.example.
        at: now.
    """
    tasks = Task.objects.open().filter(owner=user).visible_to(user).for_list()
    entries = [_entry(each, base) for each in tasks.soonest_first()[:MOST]]
    return calendar(_("Mainstay tasks"), entries, at=at)


def _entry(task, base):
    """Return a task as an entry that ends when it is due, or when it comes back."""
    account = task.account.merged_into or task.account
    ends = max(task.due_at, task.snoozed_until or task.due_at)
    url = f"{base}{address('tasks:detail', task.pk)}"
    words = {"what": task.what, "name": account.name}
    host = base.split("//")[-1]
    return Entry(
        uid=f"task-{task.pk}@{host}",
        starts=ends - timedelta(minutes=task.effort),
        ends=ends,
        title=_("%(what)s (%(name)s)") % words,
        text="\n".join(filter(None, [task.get_kind_display(), task.details, url])),
        url=url,
        version=task.version,
    )

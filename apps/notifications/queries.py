"""Who is told of an event, and what somebody has not read yet."""

from dataclasses import dataclass

from apps.core.sql import planned
from apps.history import kinds, sight
from apps.notifications.models import Notification, Watch
from apps.users.models import CLOSED_TEAMS, User

# The bell counts no further; it then says "99+".
MOST = 99
# SQL, since every page asks and a queryset takes longer to build than this to answer.
UNREAD = f"""
    SELECT count(*) FROM (
        SELECT FROM notifications_notification WHERE user_id = %s AND read_at IS NULL
        LIMIT {MOST + 1}
    ) AS unread
"""  # noqa: S608  ours
# Who follows some timelines, by name; of two records that became one, somebody may follow both.
WATCHERS = """
    SELECT DISTINCT person.id AS pk, coalesce(nullif(person.name, ''), person.email) AS name
    FROM notifications_watch AS watch JOIN users_user AS person ON person.id = watch.user_id
    WHERE watch.timeline_id IN ({timelines}) AND person.is_active
    ORDER BY name, pk
"""


@dataclass(frozen=True)
class Bell:
    """What the bell shows."""

    count: int

    @property
    def figure(self):
        """The count as it fits on a bell."""
        return str(self.count) if self.count <= MOST else f"{MOST}+"


def bell(user):
    """Count what somebody has not read: one query by a small index, on every page."""
    if sight.hidden_from(user):
        return Bell(of(user).unread()[: MOST + 1].count())
    with planned() as cursor:
        cursor.execute(UNREAD, [user.pk])
        return Bell(cursor.fetchone()[0])


def of(user):
    """Return the notifications of a person, without those of what is hidden from them by now."""
    rows = Notification.objects.filter(user=user)
    for timelines in sight.hidden_from(user):
        rows = rows.exclude(event__timeline__in=timelines)
    return rows


@dataclass(frozen=True, slots=True)
class Watcher:
    """Somebody who follows a timeline."""

    pk: int
    name: str


def watchers(timelines):
    """Return the people who follow any of some timelines, by name.

    Args:
        timelines: their ids, or a queryset of them.
    """
    with planned() as cursor:
        sql = WATCHERS.format(timelines="SELECT unnest(%s::bigint[])")
        cursor.execute(sql, [list(timelines)])
        return [Watcher(*columns) for columns in cursor]


def people():
    """Return everybody who can be told, with what saying who may see what asks of them."""
    return (
        User.objects.filter(is_active=True)
        .select_related("member", "team")
        .annotate(closed_teams=CLOSED_TEAMS)
    )


def audience(event):
    """Return whom an event is told and why: a list of (user, why).

    Never the one who did it, nobody who has left, and nobody who may not see the timeline.
    """
    whys = dict.fromkeys(_watching(event), Notification.Why.WATCHING)
    whys |= dict.fromkeys(kinds.get(event.kind).audience(event), Notification.Why.OWNER)
    mentioned = [each["id"] for each in event.payload.get("mentions", ())]
    whys |= dict.fromkeys(mentioned, Notification.Why.MENTIONED)
    whys.pop(event.actor_id, None)
    if not whys:
        return []
    return [
        (person, whys[person.pk])
        for person in people().filter(pk__in=whys)
        if sight.may_see(person, event.timeline_id)
    ]


def _watching(event):
    timelines = sight.together(event.timeline_id)
    return Watch.objects.filter(timeline__in=timelines).values_list("user", flat=True)

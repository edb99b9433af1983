"""Who is told of an event, and what somebody has not read yet."""

from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

from apps.calendars import queries as calendars
from apps.calendars.rules import MONDAY_TO_FRIDAY, on_clocks
from apps.core.sql import planned
from apps.history import kinds, sight
from apps.notifications import rules
from apps.notifications.models import Letter, Notification, Preference, Rhythm, Watch
from apps.users.models import CLOSED_TEAMS, User

# The bell counts no further; it then says "99+".
MOST = 99
# SQL, since every page asks and a queryset takes longer to build than this to answer.
UNREAD = f"""
    SELECT count(*) FROM (
        SELECT FROM notifications_notification WHERE user_id = %(user)s AND read_at IS NULL
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
        cursor.execute(UNREAD, {"user": user.pk})
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
    kind = kinds.get(event.kind)
    concerned = Notification.Why(rules.WHY_OF_TOPIC.get(kind.topic, "owner"))
    whys = dict.fromkeys(_watching(event), Notification.Why.WATCHING)
    whys |= dict.fromkeys(kind.audience(event), concerned)
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


def channels_of(users):
    """Return how people want to be told: `Channels` by user id and kind of thing.

    Args:
        users: their ids.
    """
    found = {(user, why): usual for user in users for why, usual in rules.USUAL.items()}
    for row in Preference.objects.filter(user__in=users):
        found[row.user_id, row.why] = rules.Channels(row.rings, row.is_mailed)
    return found


def quiet_of(users):
    """Return when people want no mail, by id: `Quiet`, or None where it may come at any time.

    Args:
        users: their ids.
    """
    known = {row.user_id: quiet(row) for row in Rhythm.objects.filter(user__in=users)}
    return {user: known.get(user, rules.USUAL_QUIET) for user in users}


def quiet(rhythm):
    """Return the quiet hours of a row, or None."""
    if rhythm.quiet_from is None:
        return None
    return rules.Quiet(rhythm.quiet_from, rhythm.quiet_until)


@dataclass(frozen=True)
class Choices:
    """How somebody is told, as their settings page shows it."""

    channels: dict[str, rules.Channels]
    quiet: rules.Quiet | None
    digest_at: object  # a time, or None


def choices(user):
    """Return how somebody has chosen to be told."""
    channels = {why: each for (_user, why), each in channels_of([user.pk]).items()}
    rhythm = Rhythm.objects.filter(user=user).first()
    return Choices(channels, quiet_of([user.pk])[user.pk], rhythm and rhythm.digest_at)


def not_reached(user, *, at):
    """Return how many mails of the last days did not reach somebody, or perhaps did not."""
    rows = Letter.objects.filter(user=user, state__in=["uncertain", "failed"])
    return rows.filter(done_at__gt=at - rules.REMEMBERED).count()


def letters_due(at):
    """Return letters that can be sent, or whose sender is taken for dead."""
    return Letter.objects.filter(state__in=Letter.OPEN, next_at__lte=at)


def digests_due(at):
    """Return the rhythms of those whose digest is due."""
    return Rhythm.objects.filter(next_digest_at__lte=at)


def works_on(user, day):
    """Say whether somebody works on a day, by their calendar, and is not away."""
    hours = calendars.hours_of(user) or MONDAY_TO_FRIDAY
    return bool(on_clocks(hours, day)) and not calendars.away([user], on=day)


@dataclass(frozen=True)
class Told:
    """One notification, as a mail says it."""

    name: str  # of the customer; "" for what is about none
    notification: Notification


def to_mail(notifications, user):
    """Return of some notifications those that somebody may still see, oldest first.

    Args:
        notifications: their ids.
        user: whose they are.
    """
    rows = of(user).filter(pk__in=notifications).select_related("event__actor").order_by("pk")
    return _named(rows)


def unread_since_yesterday(user, *, at):
    """Return what somebody has not read of the last day: how much, and the newest of it."""
    rows = of(user).unread().filter(created_at__gt=at - timedelta(days=1))
    newest = rows.select_related("event__actor").order_by("-pk")
    return rows.count(), _named(newest[: rules.MOST_IN_A_MAIL])


def _named(rows):
    rows = list(rows)
    names = sight.names_of([row.event.timeline_id for row in rows])
    return [Told(names.get(row.event.timeline_id, ""), row) for row in rows]


def local_day(user, at):
    """Return the date of a moment where somebody is."""
    return at.astimezone(ZoneInfo(user.time_zone)).date()

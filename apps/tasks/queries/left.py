"""How much working time is left until a task is due, as people read it."""

import functools
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from apps.calendars.rules import between
from apps.core.templatetags.mainstay import clock, day, moment

HOUR = 60  # minutes
# What is left is said as working time when it is less than this, and as a day otherwise.
SOON = 8 * HOUR
# Nobody counts the hours of what is weeks away or weeks late, and counting them costs a look
# at each day between.
NEAR, LONG_AGO = timedelta(days=7), timedelta(days=28)
WEEK = timedelta(days=7)
_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Left:
    """How much time is left, in words; the ring shows the share that is gone."""

    words: str
    tone: str = ""
    share: int | None = None  # percent; None draws nothing

    @property
    def drawn(self):
        """The drawing and the words; without a share, the words alone."""
        return _drawn(self.words, self.share)


@functools.cache
def ring(share):
    """Draw how much of the time is gone, in percent."""
    return format_html(
        '<svg class="ring" viewBox="0 0 20 20" aria-hidden="true"><circle cx="10" cy="10" r="7.5"/>'
        '<circle cx="10" cy="10" r="7.5" pathLength="100" stroke-dasharray="{} 100"/></svg>',
        share,
    )


# A list says the same again and again.
@functools.lru_cache(maxsize=4096)
def _drawn(words, share):
    return format_html("{}{}", "" if share is None else ring(share), words)


def left(due_at, *, since, at, hours, risk=HOUR):
    """Say how much working time is left until a moment, or how much has passed since.

    Args:
        due_at: the moment.
        since: from when on there was time.
        at: now.
        hours: whose working time counts.
        risk: so many minutes of it before the moment a task is at risk.
    """
    if due_at <= at:
        return Left(_late(due_at, at, hours), "bad", 100)
    share = round(100 * max(at - since, timedelta()) / max(due_at - since, _SECOND))
    if due_at - at < NEAR:
        minutes = between(hours, at, due_at)
        tone = "warn" if minutes <= risk else ""
        if 1 <= minutes < SOON:
            return Left(_("%(time)s left") % {"time": length(minutes)}, tone, share)
        return Left(_said(_on, due_at, at), tone, share)
    return Left(_said(_on, due_at, at), "", share)


def _said(words, due_at, at):
    """Say it as on that day, in the reader's zone and language."""
    today = timezone.localtime(at).date()
    return words(due_at, today, timezone.get_current_timezone_name(), get_language())


def _late(due_at, at, hours):
    if at - due_at > LONG_AGO:
        return _("Late since %(day)s") % {"day": day(due_at, "in")}
    minutes = between(hours, due_at, at)
    if minutes < 1:  # nobody worked since
        return _said(_due, due_at, at)
    return _("%(time)s late") % {"time": length(minutes)}


@functools.lru_cache(maxsize=4096)
def _due(due_at, _today, _zone, _language):
    return _("Due %(at)s") % {"at": moment(due_at, "in")}


@functools.lru_cache(maxsize=4096)
def _on(due_at, today, _zone, _language):
    """Say a moment as short as it is clear: by 17:00, Thu, 12:00, or Thu 18 June, 12:00."""
    local = timezone.localtime(due_at).date()
    if local == today:
        return _("by %(clock)s") % {"clock": clock(due_at)}
    if local - today < WEEK:
        words = {"weekday": WEEKDAYS_ABBR[local.weekday()], "clock": clock(due_at)}
        return _("%(weekday)s, %(clock)s") % words
    return moment(due_at)


def length(minutes):
    """Say a length of working time: 48 min, 2 h 18 min, 17 h.

    Args:
        minutes: with fractions, which are cut off.
    """
    hours, minutes = divmod(int(minutes), HOUR)
    if not hours:
        return _("%(count)s min") % {"count": minutes}
    if not minutes or hours >= 10:
        return _("%(hours)s h") % {"hours": hours}
    return _("%(hours)s h %(minutes)s min") % {"hours": hours, "minutes": minutes}

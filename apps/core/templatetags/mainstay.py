"""Words, pictures and colours every template may use; loaded everywhere by the settings.

They are rendered hundreds of times on a page, so each does one cheap thing and none asks the
database.
"""

import datetime as dt
import functools
from decimal import Decimal

from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.dates import MONTHS, WEEKDAYS_ABBR
from django.utils.html import format_html
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

register = template.Library()

SYMBOLS = {"GBP": "£", "EUR": "€", "USD": "$", "JPY": "¥"}
WHOLE_ONLY = {"JPY"}  # currencies without a smaller coin
MINUS = "\N{MINUS SIGN}"  # a hyphen is too short beside figures
HUES = 8  # .avatar.a1 to .a8 in label.css


@functools.cache
def svg(name, classes=""):
    """Return the markup of one icon of the sprite, built once per process.

    Args:
        name: the symbol's id in `static/icons.svg`.
        classes: more classes than `icon`, such as `tone bad`.
    """
    return format_html(
        '<svg class="{}" aria-hidden="true"><use href="{}#{}"/></svg>',
        f"icon {classes}".rstrip(),
        static("icons.svg"),
        name,
    )


class IconNode(template.Node):
    """An icon in a template; a literal name costs no more than text."""

    def __init__(self, arguments):
        self.arguments = arguments

    def render(self, context):
        return svg(*[argument.resolve(context) for argument in self.arguments])


@register.tag
def icon(parser, token):
    """Draw an icon: `{% icon "phone" %}`, or with classes `{% icon "alert" "tone bad" %}`."""
    name, *words = token.split_contents()
    if not 1 <= len(words) <= 2:
        msg = f"{name} takes the icon's name and, if need be, its classes."
        raise template.TemplateSyntaxError(msg)
    return IconNode([parser.compile_filter(word) for word in words])


class OnceNode(template.Node):
    """A part of a template that reads the same for everybody who reads the same language."""

    def __init__(self, nodelist):
        self.nodelist = nodelist
        self.rendered = {}

    def render(self, context):
        language = get_language()
        if language not in self.rendered:
            self.rendered[language] = self.nodelist.render(context)
        return self.rendered[language]


@register.tag
def once(parser, token):
    """Render what stands between `{% once %}` and `{% endonce %}` once per process and language.

    For parts of the shell that depend on nothing in the context: words, icons, addresses.
    Every page carries them, and translating forty words again costs more than the page's own.
    """
    nodelist = parser.parse(["endonce"])
    parser.delete_first_token()
    return OnceNode(nodelist)


@register.filter
def money(amount, currency="GBP"):
    """Say an amount as people do: £6,972 or £199.20; pence only when there are some."""
    if amount is None or amount == "":
        return ""
    amount = Decimal(amount)
    sign = MINUS if amount < 0 else ""
    places = 0 if amount == amount.to_integral_value() or currency in WHOLE_ONLY else 2
    symbol = SYMBOLS.get(currency, f"{currency}\N{NO-BREAK SPACE}")
    return f"{sign}{symbol}{abs(amount):,.{places}f}"


def local_date(value):
    """Return the calendar day of a date or of a moment, in the reader's zone."""
    if isinstance(value, dt.datetime):
        return timezone.localtime(value).date()
    return value


@register.filter
def day(value, where=""):
    """Say a day: Today, Yesterday, Tomorrow, Thu 11 June, or 11 June 2024 in another year.

    Args:
        value: a date, or a moment, which is read in the reader's zone.
        where: `"in"` within a sentence: Leaves today.
    """
    if not value:
        return ""
    return _day(local_date(value), timezone.localdate(), where, get_language())


@functools.lru_cache(maxsize=4096)
def _day(date, today, where, language):
    """Find the words once; a list says the same few days again and again."""
    near = {-1: _("Yesterday"), 0: _("Today"), 1: _("Tomorrow")}.get((date - today).days)
    if near:
        return near.lower() if where == "in" else near
    parts = {
        "weekday": WEEKDAYS_ABBR[date.weekday()],
        "day": date.day,
        "month": MONTHS[date.month],
        "year": date.year,
    }
    if date.year == today.year:
        return _("%(weekday)s %(day)s %(month)s") % parts
    return _("%(day)s %(month)s %(year)s") % parts


@register.filter
def clock(value):
    """Say the time of a moment on the reader's 24-hour clock: 11:30."""
    return f"{timezone.localtime(value):%H:%M}" if value else ""


@register.filter
def moment(value, where=""):
    """Say a moment: Today, 11:30; with `"in"` within a sentence: today, 11:30."""
    words = {"day": day(value, where), "clock": clock(value)}
    return _("%(day)s, %(clock)s") % words if value else ""


@register.filter
def lately(value):
    """Say a moment of today by the clock, and any other with its day: 11:30, Thu 11 June, 11:30."""
    is_today = local_date(value) == timezone.localdate()
    return clock(value) if is_today else moment(value, "in")


@register.filter
def timer(seconds):
    """Say a length in seconds as a timer shows it: 04:32."""
    minutes, seconds = divmod(int(seconds or 0), 60)
    return f"{minutes:02}:{seconds:02}"


@register.filter
def tenure(since, until=None):
    """Say how long ago a day was, for "Customer for": 2 years 4 months, 3 months, 12 days.

    Args:
        since: the first day, or a moment in it.
        until: the last day; today when left out.
    """
    if not since:
        return ""
    first, last = local_date(since), local_date(until) or timezone.localdate()
    months = (last.year - first.year) * 12 + last.month - first.month - (last.day < first.day)
    days, (years, months) = max((last - first).days, 0), divmod(max(months, 0), 12)
    words = []
    if years:
        words.append(ngettext("%(count)s year", "%(count)s years", years) % {"count": years})
    if months:
        words.append(ngettext("%(count)s month", "%(count)s months", months) % {"count": months})
    if not words:
        words.append(ngettext("%(count)s day", "%(count)s days", days) % {"count": days})
    return " ".join(words)


@register.filter
def ago(value):
    """Say how long ago a moment was: just now, 8 min ago, 3 h ago, and from a day on the day."""
    if not value:
        return ""
    minutes = int((timezone.now() - value).total_seconds() // 60)
    if minutes < 1:
        return _("just now")
    if minutes < 60:
        return _("%(count)s min ago") % {"count": minutes}
    if minutes < 24 * 60:
        return _("%(count)s h ago") % {"count": minutes // 60}
    return day(value)


# The first that occurs wins: Edge says Chrome too, and Chrome says Safari.
BROWSERS = [("Edg", "Edge"), ("OPR", "Opera"), *[(n, n) for n in ("Firefox", "Chrome", "Safari")]]
SYSTEMS = [
    *[(name, name) for name in ("Android", "iPhone", "iPad", "Windows")],
    ("Mac OS", "Mac"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
]


@register.filter
def browser(user_agent):
    """Name a browser as its owner would: Firefox on Windows."""
    program, system = (
        next((name for mark, name in names if mark in user_agent), "")
        for names in (BROWSERS, SYSTEMS)
    )
    if program and system:
        return _("%(browser)s on %(system)s") % {"browser": program, "system": system}
    return program or system or _("Unknown browser")


@register.filter
def initials(name):
    """Return one or two letters for an avatar: Amara Okafor is AO, Bramley & Vine is BV."""
    words = [word for word in str(name or "").split() if word[0].isalnum()]
    if not words:
        return "?"
    letters = words[0][:2] if len(words) == 1 else words[0][0] + words[-1][0]
    return letters.upper()


@register.filter
def hue(number):
    """Return 1 to 8, the same for one row every time: the colour of its avatar."""
    return (number or 0) % HUES + 1


@register.filter
def as_date(text):
    """Read a date that an event's payload keeps as text."""
    return dt.date.fromisoformat(text)


@register.filter
def as_moment(text):
    """Read a moment that an event's payload keeps as text."""
    return dt.datetime.fromisoformat(text)

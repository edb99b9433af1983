"""What the answers of a call are called, and how the history says them."""

from datetime import date, datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.accounts.models import Channel
from apps.core.templatetags.mainstay import day, moment, timer
from apps.reasons.models import Solvable
from apps.saves.models import Mood, Outcome

LABELS = {
    "reason": gettext_lazy("Reason"),
    "also": gettext_lazy("Also mentioned"),
    "solvable": gettext_lazy("Can we solve it?"),
    "verbatim": gettext_lazy("In their words"),
    "competitor": gettext_lazy("Competitor"),
    "mood": gettext_lazy("Mood"),
    "outcome": gettext_lazy("Outcome"),
    "stay_because": gettext_lazy("What made them stay"),
    "leaves_on": gettext_lazy("They leave on"),
    "back_if": gettext_lazy("What would bring them back"),
    "export_help": gettext_lazy("Export help offered"),
    "call_back_at": gettext_lazy("Call back"),
    "waits_for": gettext_lazy("What they wait for"),
    "contact": gettext_lazy("Talked to"),
    "channel": gettext_lazy("By"),
    "seconds": gettext_lazy("Call time"),
    "asked_to_cancel_at": gettext_lazy("Asked to cancel"),
}


def said(name, text):
    """Say an answer out of the history: codes, dates and moments in words, names as they are.

    Args:
        name: a key of `LABELS`; an unknown one is said as it stands.
        text: what an event keeps, "" for no answer.
    """
    if not text:
        return _("nothing")
    say = _WAYS.get(name)
    return say(text) if say else text


_WAYS = {
    "solvable": lambda code: Solvable(code).label,
    "mood": lambda code: Mood(int(code)).label,
    "outcome": lambda code: Outcome(code).label,
    "leaves_on": lambda text: day(date.fromisoformat(text), "in"),
    "export_help": lambda code: _("yes") if code == "yes" else _("no"),
    "call_back_at": lambda text: moment(datetime.fromisoformat(text), "in"),
    "channel": lambda code: Channel(code).label,
    "seconds": timer,
    "asked_to_cancel_at": lambda text: moment(datetime.fromisoformat(text), "in"),
}

"""What a manager asks of the team's queue, and of many tasks at once."""

import functools
from dataclasses import dataclass

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from apps.core.templatetags.mainstay import moment
from apps.tasks.forms.parts import Due, text
from apps.tasks.models import Queue, Task
from apps.tasks.queries import crew as crews
from apps.tasks.queries.left import length
from apps.tasks.queries.people import workers
from apps.tasks.queries.team import GROUPS, TABS, Question

# No page shows more rows than that.
TICKED = 1000
STALE = _l("This page is out of date. Load it again.")
CHOOSE = ("", _l("Choose…"))


# What never changes of the lists to choose from.
FIXED = {
    "due": (("", _l("Any time")), *((key, label) for key, (label, _icon) in GROUPS.items())),
    "kind": (("", _l("Any kind")), *Task.Kind.choices),
    "priority": (
        ("", _l("Any priority")),
        *((str(number), label) for number, label in Task.Priority.choices),
    ),
}
LABELS = {
    "team": _l("Team"),
    "owner": _l("Person"),
    "queue": _l("Queue"),
    "due": _l("Due"),
    "kind": _l("Kind"),
    "priority": _l("Priority"),
}


class TeamFilter(forms.Form):
    """Which tasks the page shows; an answer that fits no longer counts as none.

    What there is to choose is in `lists`, not in the fields: each form would copy it.

    Args:
        data: what was asked.
        crew: whose tasks they are.
    """

    tab = forms.CharField(required=False)
    by = forms.CharField(required=False)
    q = forms.CharField(max_length=100, required=False)
    team = forms.CharField(required=False)
    owner = forms.CharField(required=False)
    queue = forms.CharField(required=False)
    due = forms.CharField(required=False)
    kind = forms.CharField(required=False)
    priority = forms.CharField(required=False)

    def __init__(self, data, *, crew):
        super().__init__(data, auto_id="filter_%s")
        teams = [(str(each.pk), each.name) for each in crew.teams]
        people = [(str(each.pk), each.name) for each in crew.people]
        queues = [(str(pk), name) for pk, name in crew.queues]
        self.lists = {
            "team": (("", _("My teams")), (crews.ALL, _("All teams")), *teams),
            "owner": (("", _("Anybody")), ("none", _("Nobody")), *people),
            "queue": (("", _("Any queue")), *queues),
            **FIXED,
        }

    def clean(self):
        """Leave out what is not there to choose."""
        among = {"tab": TABS, "by": {"person"}}
        among |= {name: dict(each) for name, each in self.lists.items()}
        return {
            name: value
            for name, value in super().clean().items()
            if name not in among or value in among[name]
        }

    def question(self):
        """Return what is asked."""
        self.is_valid()
        return Question(**{name: value for name, value in self.cleaned_data.items() if value})

    @property
    def selects(self):
        """The lists to choose from, in the order of the page: pairs of a label and the control."""
        return [
            (LABELS[name], _select(name, among, self.data.get(name, ""), get_language()))
            for name, among in self.lists.items()
        ]


# Everybody is in one of them, and the page stays open all day.
@functools.lru_cache(maxsize=512)
def _select(name, choices, value, _language):
    form = forms.Form({name: value}, auto_id="filter_%s")
    form.fields[name] = forms.ChoiceField(choices=choices, required=False)
    return str(form[name])


class Start(forms.Form):
    """The page as it was sent: which tasks were ticked, or all that match, and what for."""

    do = forms.CharField(error_messages={"required": STALE})
    key = forms.UUIDField(error_messages={"required": STALE, "invalid": STALE})
    all = forms.BooleanField(required=False)
    question = forms.CharField(required=False)

    def clean_do(self):
        """Accept what is there."""
        do = self.cleaned_data["do"]
        if do not in OFFERS:
            raise forms.ValidationError(STALE)
        return do

    def clean(self):
        """Ask for rows."""
        data = super().clean()
        if not data.get("all") and not self.picked:
            raise forms.ValidationError(_l("Tick the tasks first, then choose what to do."))
        return data

    @property
    def picked(self):
        """The ids of the ticked rows; what is none is ignored."""
        given = self.data.getlist("pick")[:TICKED]
        return [int(each) for each in given if each.isdecimal() and len(each) < 19]


class Give(forms.Form):
    """Who does them from now on.

    Args:
        data: what was sent.
        user: who asks.
        at: now.
    """

    whose = forms.ChoiceField(
        label=_l("Who does them?"),
        help_text=_l("With the time that each has left in the next seven days."),
        error_messages={"required": _l("Choose a person or a queue.")},
    )
    why = text(_l("Why?"), rows=1)

    def __init__(self, data=None, *, user, at):
        super().__init__(data)
        self.people = {
            f"person-{load.person.pk}": (load.person, _with_time(load))
            for load in crews.everybodys_loads(user, at=at, among=workers())
        }
        queues = Queue.objects.exclude(team__in=user.hidden_teams).order_by("name")
        self.queues = {f"queue-{each.pk}": (each, str(each)) for each in queues}
        groups = ((_("People"), self.people), (_("Queues"), self.queues))
        self.fields["whose"].choices = [
            CHOOSE,
            *((name, [(key, words) for key, (_o, words) in each.items()]) for name, each in groups),
        ]

    def arguments(self):
        """Return what the change needs."""
        key, why = self.cleaned_data["whose"], self.cleaned_data["why"]
        person, queue = (each.get(key, (None,))[0] for each in (self.people, self.queues))
        return {"to": person and person.pk, "queue": queue and queue.pk, "why": why}

    def label(self):
        """Say what is done."""
        key = self.cleaned_data["whose"]
        if key in self.queues:
            return _("Put into “%(name)s”") % {"name": self.queues[key][0]}
        return _("Assign to %(name)s") % {"name": self.people[key][0]}


def _with_time(load):
    words = {"name": load.person}
    if load.away_until:
        return _("%(name)s, away") % words
    if load.over:
        return _("%(name)s, %(time)s too much") % {**words, "time": length(load.over)}
    free = length(load.available - load.effort)
    return _("%(name)s, %(time)s left") % {**words, "time": free}


class Move(Due):
    """When they are due from now on.

    Args:
        data: what was sent.
        user: who asks.
        at: now.
    """

    def __init__(self, data=None, *, user, at):
        super().__init__(data, at=at)

    def arguments(self):
        """Return what the change needs."""
        due = {"due_at": None, "due_minutes": None, "due_clock": None, **self.due}
        at, clock = due["due_at"], due["due_clock"]
        return {
            "due_at": at and at.isoformat(),
            "minutes": due["due_minutes"],
            "clock": clock and clock.isoformat(),
        }

    def label(self):
        """Say what is done."""
        if at := self.cleaned_data["moment"]:
            return _("Move to %(moment)s") % {"moment": moment(at, "in")}
        words = dict(self.fields["when"].choices)[self.cleaned_data["when"]]
        return _("Move: %(when)s") % {"when": words}


class Cancel(forms.Form):
    """That they need not be done.

    Args:
        data: what was sent.
        user: who asks.
        at: now.
    """

    why = text(
        _l("Why?"),
        _l("Write why they need not be done."),
        hint=_l("One sentence, for colleagues who read this later."),
        longest=300,
    )

    def __init__(self, data=None, *, user, at):
        super().__init__(data)

    def arguments(self):
        """Return what the change needs."""
        return dict(self.cleaned_data)

    def label(self):
        """Say what is done."""
        return _("Cancel tasks")


class ShareOut(forms.Form):
    """That they go to whom their queues find: there is nothing to ask.

    Args:
        data: what was sent.
        user: who asks.
        at: now.
    """

    def __init__(self, data=None, *, user, at):
        super().__init__(data)

    def arguments(self):
        """Return what the change needs."""
        return {"why": ""}

    def label(self):
        """Say what is done."""
        return _("Share out")


@dataclass(frozen=True)
class Offer:
    """One thing that can be done to ticked tasks.

    Args:
        kind: of bulk change.
        button: what it is called.
        icon: of the button.
        form: asks what exactly is to be done.
        hint: beside the preview.
        tab: where it is offered; everywhere but where all is done without one.
    """

    kind: str
    button: str
    icon: str
    form: type
    hint: str = ""
    tab: str = ""

    @property
    def asks(self):
        """Whether there is something to choose."""
        return bool(self.form.base_fields)


OFFERS = {
    offer.kind: offer
    for offer in [
        Offer("tasks.assign", _l("Assign"), "handoff", Give),
        Offer("tasks.move", _l("Move due"), "clock", Move),
        Offer("tasks.cancel", _l("Cancel tasks"), "x-circle", Cancel),
        Offer(
            "tasks.share",
            _l("Share out"),
            "handoff",
            ShareOut,
            hint=_l(
                "Each goes to whom its queue chooses: the customer’s owner, or the next in turn. "
                "Everything else goes to whoever in the team has most time left."
            ),
            tab="nobody",
        ),
    ]
}


def offers(tab):
    """Return what can be done to the tasks of a tab.

    Args:
        tab: key of the tab.
    """
    return [] if tab == "done" else [each for each in OFFERS.values() if each.tab in {"", tab}]

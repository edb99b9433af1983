"""What the forms of tasks share: moments in working time, and who does something."""

from datetime import time, timedelta

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.tasks.models import Queue
from apps.tasks.queries.left import length
from apps.tasks.queries.load import loads
from apps.tasks.queries.people import may_wait_in, who_see

# Nobody means a day further away.
FURTHEST = timedelta(days=3653)
_MINUTE = "%Y-%m-%dT%H:%M"


def text(label, missing="", *, hint="", rows=2, longest=500):
    """Ask for a few sentences.

    Args:
        label: of the field.
        missing: what to say when it is empty; without it the field may be.
        hint: below the label.
        rows: how tall it is.
        longest: in characters.
    """
    return forms.CharField(
        label=label,
        help_text=hint,
        max_length=longest,
        required=bool(missing),
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages={"required": missing} if missing else {},
    )


class Moment(forms.DateTimeField):
    """A moment on the reader's clocks."""

    def __init__(self, label):
        super().__init__(
            label=label,
            required=False,
            input_formats=[_MINUTE],
            widget=forms.DateTimeInput(format=_MINUTE, attrs={"type": "datetime-local"}),
            error_messages={"invalid": gettext_lazy("Choose the day and the time.")},
        )


class WithMoment(forms.Form):
    """A moment that is chosen from a few, or said in itself, which wins.

    Args:
        data: what was sent.
        at: now.
        **options: of every form.
    """

    def __init__(self, data=None, *, at, **options):
        super().__init__(data, **options)
        self.at = at

    def clean_moment(self):
        """Refuse a moment that nobody means."""
        moment = self.cleaned_data["moment"]
        if moment is not None and moment <= self.at:
            raise forms.ValidationError(_("Choose a moment that lies ahead."))
        if moment is not None and moment > self.at + FURTHEST:
            raise forms.ValidationError(_("Choose a day within the next ten years."))
        return moment


# How a moment in working time is said, as the actions take it.
WHEN = {
    "1h": {"due_minutes": 60},
    "4h": {"due_minutes": 240},
    "8h": {"due_minutes": 480},
    "morning": {"due_clock": time(9, 30)},
    "afternoon": {"due_clock": time(14, 0)},
}
_IN_WORDS = [
    ("1h", gettext_lazy("In 1 working hour")),
    ("4h", gettext_lazy("In 4 working hours")),
    ("8h", gettext_lazy("In 8 working hours")),
    ("morning", gettext_lazy("Next working day, 09:30")),
    ("afternoon", gettext_lazy("Next working day, 14:00")),
]


class Due(WithMoment):
    """When a task is due: in working time of whoever has it, or at a moment."""

    when = forms.ChoiceField(
        label=gettext_lazy("Due"),
        help_text=gettext_lazy("In the working time of whoever has it."),
        choices=_IN_WORDS,
        initial="4h",
        error_messages={
            "required": gettext_lazy("Choose when it is due."),
            "invalid_choice": gettext_lazy("Choose when it is due from the list."),
        },
    )
    moment = Moment(gettext_lazy("Or a day and time"))

    @property
    def due(self):
        """When it is due, as the actions take it."""
        if moment := self.cleaned_data["moment"]:
            return {"due_at": moment}
        return WHEN[self.cleaned_data["when"]]


class Colleague(forms.ModelChoiceField):
    """Somebody who may do tasks of the customer."""

    def __init__(self, label, **options):
        super().__init__(
            None,
            label=label,
            empty_label=gettext_lazy("Choose a colleague"),
            error_messages={
                "required": gettext_lazy("Choose a colleague."),
                "invalid_choice": gettext_lazy("Choose a colleague from the list."),
            },
            **options,
        )

    def offer(self, people, *, at):
        """Offer some people, with what they have to do already.

        Args:
            people: a queryset.
            at: now.
        """
        self.queryset = people.order_by("name", "pk")
        self.loads = loads(self.queryset, at=at)

    def label_from_instance(self, person):
        """Name somebody, with how much of their time is taken."""
        load = self.loads[person.pk]
        words = {
            "name": person,
            "effort": length(load.effort),
            "available": length(load.available),
        }
        return _("%(name)s: %(effort)s of work, %(available)s of time in 7 days") % words


class Whose(forms.ChoiceField):
    """A person or a queue, in one list; cleaned to what the actions take."""

    def __init__(self, label, **options):
        missing = gettext_lazy("Choose a person or a queue.")
        errors = {"required": missing, "invalid_choice": missing}
        super().__init__(label=label, error_messages=errors, **options)

    def offer(self, account, *, first):
        """Offer the people who may do tasks of a customer, and the queues where they may wait.

        Args:
            account: the customer.
            first: who stands on top, by id.
        """
        people = sorted(who_see(account).order_by("name", "pk"), key=lambda each: each.pk != first)
        queues = [row for row in Queue.objects.order_by("name") if may_wait_in(row, account)]
        self.people = {f"person-{each.pk}": each for each in people}
        self.queues = {f"queue-{each.pk}": each for each in queues}
        self.choices = [
            (group, [(key, str(each)) for key, each in found.items()])
            for group, found in ((_("People"), self.people), (_("Queues"), self.queues))
        ]

    def find(self, key):
        """Return a person or None, and a queue or None."""
        return self.people.get(key), self.queues.get(key)

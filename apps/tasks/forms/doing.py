"""What people say when they do something with a task."""

from datetime import time

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.calendars.rules import (
    NoWorkingTime,
    add,
    next_working_day,
)
from apps.tasks.forms.parts import Colleague, Due, Moment, Whose, WithMoment, text
from apps.tasks.queries.people import who_see


class Completing(forms.Form):
    """That a task is done.

    Args:
        data: what was sent.
        task: which; of some kinds it has to be said what came of it.
        **options: of every form.
    """

    outcome = text(gettext_lazy("What came of it?"), rows=3, longest=1000)

    def __init__(self, data=None, *, task, **options):
        super().__init__(data, **options)
        field = self.fields["outcome"]
        if task.needs_outcome:
            field.required = True
            field.error_messages["required"] = _("Write what came of it, in a few words.")
            field.help_text = _("For whoever speaks to them next.")


class Cancelling(forms.Form):
    """That a task need not be done."""

    why = text(gettext_lazy("Why?"), gettext_lazy("Write why it need not be done."), longest=1000)


class Declining(forms.Form):
    """That somebody does not take a task."""

    note = text(gettext_lazy("Why not?"), gettext_lazy("Write why you can’t take it."))


class Rescheduling(Due):
    """Another moment for a task."""


# Until when something is put off: so much working time, or a time on a working day ahead.
_UNTIL = {"2h": 120, "tomorrow": 1, "week": 5}


class Snoozing(WithMoment):
    """That a task is put off.

    Args:
        data: what was sent.
        at: now.
        hours: whose working time counts.
        **options: of every form.
    """

    until = forms.ChoiceField(
        label=gettext_lazy("Until"),
        choices=[
            ("2h", gettext_lazy("In 2 working hours")),
            ("tomorrow", gettext_lazy("Next working day, 09:00")),
            ("week", gettext_lazy("In 5 working days, 09:00")),
        ],
        initial="tomorrow",
        error_messages={
            "required": gettext_lazy("Choose until when."),
            "invalid_choice": gettext_lazy("Choose until when from the list."),
        },
    )
    moment = Moment(gettext_lazy("Or until a day and time"))
    reason = text(
        gettext_lazy("Why?"),
        gettext_lazy("Write why it waits, in a few words."),
        hint=gettext_lazy("As that they are away until Monday."),
        longest=200,
        rows=1,
    )

    def __init__(self, data=None, *, at, hours, **options):
        super().__init__(data, at=at, **options)
        self.hours = hours

    def clean(self):
        """Find the moment that was chosen, on a calendar that has one."""
        cleaned = super().clean()
        if cleaned.get("moment") is None and "until" in cleaned and not self.errors:
            try:
                cleaned["moment"] = self._ahead(cleaned["until"])
            except NoWorkingTime:
                self.add_error("moment", _("Your calendar has no working time. Choose a moment."))
        return cleaned

    def _ahead(self, key):
        if key == "2h":
            return add(self.hours, self.at, _UNTIL[key])
        moment = self.at
        for _day in range(_UNTIL[key]):
            moment = next_working_day(self.hours, moment, time(9))
        return moment


class HandingOff(forms.Form):
    """That a colleague is asked to take a task.

    Args:
        data: what was sent.
        task: which.
        by: whose it is.
        at: now.
        **options: of every form.
    """

    to = Colleague(gettext_lazy("Who takes it?"))
    why = text(
        gettext_lazy("Why them?"),
        gettext_lazy("Write why, in a sentence."),
        hint=gettext_lazy("As that they know the customer, or have time."),
        rows=1,
    )
    summary = text(
        gettext_lazy("What they should know"),
        hint=gettext_lazy("Drawn from the record. Change what you like."),
        rows=6,
        longest=4000,
    )

    def __init__(self, data=None, *, task, by, at, **options):
        super().__init__(data, **options)
        self.fields["to"].offer(who_see(task.account).exclude(pk=by.pk), at=at)


class Assigning(forms.Form):
    """To whom a manager gives a task.

    Args:
        data: what was sent.
        task: which.
        **options: of every form.
    """

    whose = Whose(gettext_lazy("Who does it?"))
    why = text(gettext_lazy("Why?"), rows=1)

    def __init__(self, data=None, *, task, **options):
        given = f"person-{task.owner_id}" if task.owner_id else f"queue-{task.queue_id}"
        super().__init__(data, initial={"whose": given}, **options)
        self.fields["whose"].offer(task.account, first=task.owner_id)

    @property
    def to(self):
        """The person and the queue, of which one is None."""
        return self.fields["whose"].find(self.cleaned_data["whose"])

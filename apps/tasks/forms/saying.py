"""What a task says: of a new one, and of one that is corrected."""

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.accounts.forms.parts import STALE, Key
from apps.tasks.forms.parts import Due, Whose, text
from apps.tasks.models import Task

EFFORTS = [
    (5, _("5 min")),
    (15, _("15 min")),
    (30, _("30 min")),
    (45, _("45 min")),
    (60, _("1 h")),
    (90, _("1 h 30 min")),
    (120, _("2 h")),
    (240, _("4 h")),
    (480, _("8 h")),
]


class _What(forms.Form):
    """What is to be done."""

    what = forms.CharField(
        label=_("What is to be done?"),
        help_text=_("As you would say it: Call about the failed card."),
        max_length=200,
        error_messages={"required": _("Write what is to be done.")},
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=Task.Kind, initial=Task.Kind.CALL)
    priority = forms.TypedChoiceField(
        label=_("Priority"), choices=Task.Priority, coerce=int, initial=Task.Priority.NORMAL
    )
    effort = forms.TypedChoiceField(
        label=_("How long does it take?"), choices=EFFORTS, coerce=int, initial=15
    )
    details = text(_("Details"), rows=3, longest=2000)


class NewTask(_What, Due):
    """A task that somebody makes for a customer.

    Args:
        data: what was sent.
        account: the customer.
        by: who makes it; it is theirs unless they choose somebody else.
        at: now.
        **options: of every form.
    """

    whose = Whose(_("Who does it?"))
    why = forms.CharField(
        label=_("Why them?"),
        help_text=_("When you ask a colleague, as that they know the customer."),
        max_length=500,
        required=False,
    )
    key = Key()

    field_order = [
        "what",
        "kind",
        "priority",
        "whose",
        "why",
        "when",
        "moment",
        "effort",
        "details",
    ]

    def __init__(self, data=None, *, account, by, at, **options):
        first = {"whose": f"person-{by.pk}", **options.pop("initial", {})}
        super().__init__(data, at=at, initial=first, **options)
        self.by = by
        self.fields["whose"].offer(account, first=by.pk)
        if by.has_perm("tasks.assign"):
            del self.fields["why"]
        else:
            self.fields["whose"].help_text = _(
                "A colleague is asked. Until they accept, it is yours."
            )

    def clean(self):
        """Ask why it is a colleague who is asked."""
        data = super().clean()
        if self.asks and not data.get("why"):
            self.add_error("why", _("Write why, in a sentence."))
        return data

    @property
    def asks(self):
        """The colleague who is asked to take it; None when it is given at once."""
        owner, _queue = self.fields["whose"].find(self.cleaned_data.get("whose"))
        return owner if "why" in self.fields and owner != self.by else None

    @property
    def words(self):
        """What the action takes, beside the customer and who makes it."""
        owner, queue = self.fields["whose"].find(self.cleaned_data["whose"])
        said = {name: self.cleaned_data[name] for name in _What.base_fields}
        if self.asks:
            return {**said, **self.due, "to": owner, "why": self.cleaned_data["why"]}
        return {**said, **self.due, "owner": owner, "queue": queue}


class Editing(_What):
    """A task that says something else from now on."""

    version = forms.IntegerField(
        widget=forms.HiddenInput, error_messages={"required": STALE, "invalid": STALE}
    )

    def __init__(self, data=None, *, task, **options):
        names = [*_What.base_fields, "version"]
        first = {name: getattr(task, name) for name in names}
        super().__init__(data, initial=first, **options)
        # An effort that another room gave may be none of the usual ones.
        if task.effort not in dict(EFFORTS):
            more = (task.effort, _("%(count)s min") % {"count": task.effort})
            self.fields["effort"].choices = sorted([*EFFORTS, more])

"""What people say of a commitment: that there is one, and what became of it."""

from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.accounts.forms.parts import STALE, Day, Key
from apps.accounts.queries import possible_owners
from apps.saves import rules
from apps.saves.queries.commitments import queues, suggested_due


def _text(label, hint, missing, *, rows=2):
    return forms.CharField(
        label=label,
        help_text=hint,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages={"required": missing},
    )


class _Version(forms.IntegerField):
    """The version that the page showed."""

    def __init__(self):
        errors = {"required": STALE, "invalid": STALE}
        super().__init__(widget=forms.HiddenInput, error_messages=errors)


class _Dated(forms.Form):
    """By which day it is kept.

    Args:
        data: what was sent.
        at: now.
        **options: of every form.
    """

    due_on = forms.DateField(
        label=gettext_lazy("Due"),
        help_text=gettext_lazy("Kept by the end of that day, where its owner is."),
        widget=Day,
        error_messages={"required": gettext_lazy("Choose the day by which it is kept.")},
    )

    def __init__(self, data=None, *, at, **options):
        super().__init__(data, **options)
        self.at = at

    def clean_due_on(self):
        """Refuse a day that nobody means; one that is over is refused by the action."""
        due_on = self.cleaned_data["due_on"]
        if due_on > (self.at + rules.FURTHEST).date():
            raise forms.ValidationError(_("Choose a day within the next ten years."))
        return due_on


class _Owned(_Dated):
    """A colleague who keeps it by a day, or a team.

    Args:
        data: what was sent.
        account: the customer, whom whoever keeps it may see.
        at: now.
        has_teams: whether a team can keep it.
        **options: of every form.
    """

    owner = forms.ChoiceField(
        label=gettext_lazy("Who keeps it"),
        error_messages={
            "required": gettext_lazy("Choose who keeps it."),
            "invalid_choice": gettext_lazy("Choose a colleague or a team from the list."),
        },
    )
    field_order = ["owner", "due_on"]

    def __init__(self, data=None, *, account, at, has_teams=True, **options):
        super().__init__(data, at=at, **options)
        self.people = {str(each.pk): each for each in possible_owners(account.team)}
        self.queues = queues(account.team) if has_teams else {}
        self.fields["owner"].choices = [
            ("", _("Choose a colleague or a team")),
            *in_groups(self.people, self.queues),
        ]

    def clean(self):
        """Tell a person from a team's queue, as the action takes them."""
        given = super().clean()
        if key := given.get("owner"):
            given["owner"], given["queue"] = self.people.get(key), self.queues.get(key)
        return given


class NewCommitment(_Owned):
    """Something we said we would do: a colleague, or somebody of a team.

    Args:
        data: what was sent.
        account: the customer, whom whoever keeps it may see.
        by: who writes it down, and keeps what a team has not taken yet.
        at: now.
        **options: of every form.
    """

    text = forms.CharField(
        label=gettext_lazy("What we said we would do"),
        help_text=gettext_lazy("As the customer heard it: Send a new card reader."),
        max_length=200,
        error_messages={"required": gettext_lazy("Write what we said we would do.")},
    )
    is_visible = forms.BooleanField(
        label=gettext_lazy("The customer knows"),
        help_text=gettext_lazy("Untick it for what we only said to each other."),
        required=False,
        initial=True,
    )
    key = Key()

    field_order = ["text", "owner", "due_on", "is_visible", "key"]

    def __init__(self, data=None, *, account, by, at, **options):
        today = at.astimezone(ZoneInfo(by.time_zone)).date()
        first = {
            "owner": by.pk,
            "due_on": suggested_due(by, today),
            **options.pop("initial", {}),
        }
        super().__init__(data, account=account, at=at, initial=first, **options)
        self.by = by
        self.fields["owner"].help_text = _(
            "What a team keeps is yours until somebody of the team has it."
        )

    def clean(self):
        """Let a team's be whose it is who writes it down."""
        given = super().clean()
        if given.get("queue"):
            given["owner"] = self.by
        return given


def in_groups(people, teams):
    """Return what a list of people and queues offers: the people, and the queues below them.

    Args:
        people: names of people by what is posted.
        teams: queues likewise.
    """
    choices = [(key, str(person)) for key, person in people.items()]
    if teams:
        choices.append((_("Teams"), [(key, str(queue)) for key, queue in teams.items()]))
    return choices


class Keeping(forms.Form):
    """That it was kept, or made good."""

    evidence = _text(
        gettext_lazy("What shows it?"),
        gettext_lazy("As an invoice number, an e-mail, or who confirmed it."),
        gettext_lazy("Write what shows it, in a few words."),
    )
    version = _Version()


class Waiving(forms.Form):
    """That it need not be kept any more."""

    evidence = _text(
        gettext_lazy("Why?"),
        gettext_lazy("As that the customer no longer needs it, and who said so."),
        gettext_lazy("Write why it need not be kept."),
    )
    version = _Version()


class Moving(_Owned):
    """Another owner, a team, or another day.

    Args:
        data: what was sent.
        commitment: which, with its task.
        at: now.
        **options: of every form.
    """

    why = _text(
        gettext_lazy("Why?"),
        gettext_lazy("One sentence, for colleagues who read this later."),
        gettext_lazy("Write why, in a sentence."),
        rows=1,
    )
    version = _Version()

    def __init__(self, data=None, *, commitment, at, **options):
        account = commitment.account.merged_into or commitment.account
        first = {"version": commitment.version, "due_on": commitment.due_on}
        task = commitment.task
        options |= {"has_teams": task is not None, "initial": first}
        super().__init__(data, account=account, at=at, **options)
        waits_in = f"queue-{task.queue_id}" if task and task.owner_id is None else ""
        self.initial["owner"] = waits_in if waits_in in self.queues else str(commitment.owner_id)
        self.fields["owner"].help_text = _(
            "What a team keeps stays its owner’s until somebody of the team has it."
        )

    def clean(self):
        """Leave who has it, or the queue where it waits, unless somebody else was chosen."""
        given = super().clean()
        if "owner" not in self.changed_data:
            given["owner"] = given["queue"] = None
        return given

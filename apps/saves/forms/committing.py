"""What was committed to on a call: rows of the call form, of which empty ones are ignored.

Fields of a row (for scripts that post it), n from 1 to 10: `commitment-n-text`,
`commitment-n-owner` (id, `me`, or `queue-` and the id of a team's queue), `commitment-n-due_on` and `commitment-n-is_visible` (`on`).
"""

import re
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone
from django.utils.choices import CallableChoiceIterator
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from apps.accounts.queries import possible_owners
from apps.saves import rules
from apps.saves.forms.commitment import in_groups
from apps.saves.queries.commitments import queues, suggested_due

# Rows on a page without scripts, and the most that one call takes.
ROWS, MOST = 3, 10
ME = "me"  # the same word for everybody, so that one piece of the page serves everybody

_NAME = re.compile(r"commitment-([1-9]\d{0,3})-\w+")


def is_of_row(name):
    """Whether a field belongs to a commitment."""
    return _NAME.fullmatch(name) is not None


@dataclass(frozen=True)
class Row:
    """One line on the page: its bound fields."""

    number: int
    text: forms.BoundField
    owner: forms.BoundField
    due_on: forms.BoundField
    is_visible: forms.BoundField

    @property
    def has_errors(self):
        """Whether something about it has to be mended."""
        return bool(self.text.errors or self.owner.errors or self.due_on.errors)

    @property
    def is_open(self):
        """Whether the line is shown before anybody asks for it."""
        return self.number == 1 or bool(self.text.value()) or self.has_errors

    @property
    def is_empty(self):
        """Whether nobody wrote anything into it: what the page suggested is no answer."""
        suggested = str(self.text.form["suggested_due"].value() or "")
        return (
            not str(self.text.value() or "").strip()
            and self.owner.value() in (None, "", ME)
            and str(self.due_on.value() or "") in ("", suggested)
        )


class Committing(forms.Form):
    """The part of the call form that holds the commitments.

    The form brings `account`, `by` and `at`. Rows are made when somebody looks at them: a page
    that is shown again and again finds them rendered.
    """

    suggested_due = forms.CharField(widget=forms.HiddenInput, required=False)

    def add_rows(self, typed=()):
        """Make as many rows as were typed, and three at least.

        Args:
            typed: the names of the fields that came.
        """
        self.typed_rows = max((int(n[1]) for n in map(_NAME.fullmatch, typed) if n), default=0)
        self.row_count = min(max(ROWS, self.typed_rows), MOST)
        self.fields["suggested_due"].initial = self.due_on.isoformat()
        for number in range(1, self.row_count + 1):
            name = f"commitment-{number}"
            is_new = f"{name}-text" not in typed
            self.fields |= {
                f"{name}-text": forms.CharField(
                    label=_("Commitment"),
                    required=False,
                    max_length=200,
                    widget=forms.TextInput(attrs={"autocomplete": "off"}),
                ),
                # Looked up where there is something to keep, not for every empty row.
                f"{name}-owner": forms.CharField(
                    label=_("Owner"),
                    required=False,
                    initial=ME,
                    widget=forms.Select(choices=CallableChoiceIterator(self._owners)),
                ),
                f"{name}-due_on": forms.DateField(
                    label=_("Due"),
                    required=False,
                    initial=self.due_on,
                    widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
                ),
                f"{name}-is_visible": forms.BooleanField(
                    label=_("The customer knows"),
                    required=False,
                    initial=is_new or f"{name}-is_visible" in typed,
                ),
            }

    @cached_property
    def rows(self):
        """The lines on the page."""
        if "commitment-1-text" not in self.fields:
            self.add_rows()
        return [
            Row(n, *(self[f"commitment-{n}-{part}"] for part in PARTS))
            for n in range(1, self.row_count + 1)
        ]

    @property
    def rows_have_errors(self):
        """Whether a commitment has to be mended."""
        return self.is_bound and any(row.has_errors for row in self.rows)

    @cached_property
    def due_on(self):
        """The day that the page suggests, by the agent's calendar."""
        return suggested_due(self.by, timezone.localdate(self.at))

    @cached_property
    def colleagues(self):
        """Who may keep a commitment to this customer, by id as the page posts it."""
        people = {str(person.pk): person for person in possible_owners(self.account.team)}
        return {ME: self.by, **people}

    @cached_property
    def teams(self):
        """The queues of teams that may keep one, by what the page posts."""
        return queues(self.account.team)

    @property
    def audience(self):
        """What the list of colleagues depends on: the customer's team, which may be private."""
        return self.account.team_id

    def _owners(self):
        """Yield whom the agent can choose, themselves first and teams last."""
        yield from in_groups(self.colleagues | {ME: _("You")}, self.teams)

    def _whose(self, row):
        """Return who keeps a commitment, and the queue of the team that does; twice None for none.

        What a team keeps is the agent's until somebody of the team has it.
        """
        key = self.cleaned_data.get(row.owner.name)
        if not (key or "").startswith("queue-"):  # others need no look at the queues
            return self.colleagues.get(key), None
        queue = self.teams.get(key)
        return queue and self.by, queue

    def check_rows(self):
        """Check the rows that were filled, in the whole form's `clean`.

        Returns:
            What `actions.log` takes, without the rows that have errors.
        """
        if self.typed_rows > MOST:
            message = _(
                "Write up to %(most)s commitments here. The customer page takes the others."
            )
            raise forms.ValidationError(message, params={"most": MOST})
        commitments = {}
        for row in self.rows:
            if row.is_empty:
                continue
            self._check_row(row)
            if row.has_errors:
                continue
            said = self._said(row)
            same = (
                " ".join(said["text"].casefold().split()),
                said["owner"],
                said["queue"],
                said["due_on"],
            )
            if commitments.setdefault(same, said) is not said:
                message = _("You wrote this one already. Change it or clear it.")
                self.add_error(row.text.name, message)
        return list(commitments.values())

    def _check_row(self, row):
        """Say on its field what is missing."""
        if not self.cleaned_data.get(row.text.name) and not row.text.errors:
            self.add_error(row.text.name, _("Write what you committed to, or clear the row."))
        owner, _queue = self._whose(row)
        if owner is None:
            self.add_error(row.owner.name, _("Choose who keeps it from the list."))
        if not row.due_on.errors:
            self._check_due(row, owner or self.by)

    def _check_due(self, row, owner):
        """Refuse a day that is over where the owner works."""
        due_on = self.cleaned_data[row.due_on.name]
        today = self.at.astimezone(ZoneInfo(owner.time_zone)).date()
        if due_on is None:
            self.add_error(row.due_on.name, _("Choose the day it is due."))
        elif due_on < today:
            self.add_error(row.due_on.name, _("Choose a due date from today onwards."))
        elif due_on > today + rules.FURTHEST:
            self.add_error(row.due_on.name, _("Choose a day within the next ten years."))

    def _said(self, row):
        """A row as an action takes it."""
        owner, queue = self._whose(row)
        return {
            "text": self.cleaned_data[row.text.name],
            "owner": owner,
            "queue": queue,
            "due_on": self.cleaned_data[row.due_on.name],
            "is_visible": self.cleaned_data[row.is_visible.name],
        }


PARTS = ["text", "owner", "due_on", "is_visible"]

"""Forms of records that two people may edit at once."""

import datetime
from decimal import Decimal

from django import forms
from django.db.models import Model
from django.utils.dateparse import parse_datetime
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from apps.accounts import conflict
from apps.accounts.forms.parts import STALE
from apps.core.templatetags.mainstay import ago, day

_OURS = {"version", "opened", "key"}
_CHOICE = "keep_"


class Versioned(forms.ModelForm):
    """A form that says what it showed when it was opened, and meets what others saved since.

    Fields that only they changed become theirs, those that only I changed stay mine, and for
    those that both changed it asks whose to keep. Nothing that was typed is taken away.
    """

    version = forms.IntegerField(widget=forms.HiddenInput, error_messages={"required": STALE})
    opened = forms.CharField(widget=forms.HiddenInput, required=False)

    # Fields that only mean something together.
    linked = ()
    # A new record has met nothing.
    showed, settled, meeting, has_met = {}, frozenset(), None, False

    def remember(self):
        """Carry what is shown, and ask what a conflict left open; the last step of `__init__`."""
        self.settled = set()
        if not self.is_bound:
            sealed = conflict.seal(self.stored(), None, subject=self.instance)
            self.initial |= {"version": self.instance.version, "opened": sealed}
            return
        carried = self.data.get("opened")
        self.showed, self.meeting = conflict.unseal(carried, subject=self.instance)
        for name in self._open_questions():
            self.fields[_CHOICE + name] = self._question(name)

    def asked(self):
        """Return the names of the fields about the record."""
        return [name for name in self.fields if name not in _OURS and not name.startswith(_CHOICE)]

    def stored(self):
        """Return what the record says now, as the text that each control sends."""
        return {name: self.text(name, self.value(name)) for name in self.asked()}

    def value(self, name):
        """Return what the record says in a field."""
        return getattr(self.instance, self.instance._meta.get_field(name).attname)

    def text(self, name, value):
        """Write a value as the field's control sends it."""
        if value is None or value is False:
            return ""
        if isinstance(value, Decimal):
            return f"{value:.2f}"
        if isinstance(value, Model):
            return str(value.pk)
        return "on" if value is True else str(value)

    def told(self, name):
        """Return what the history calls a field."""
        return name

    # --- saving ------------------------------------------------------------------

    def clean(self):
        """Let the choices hold, and note what is to be saved as texts."""
        data = super().clean()
        data.pop("opened", None)
        for name in self._open_questions():
            self._settle(name, data.pop(_CHOICE + name, None), data)
        said = [name for name in self.asked() if not self._is_unsaid(name)]
        self.mine = {name: self.text(name, data.get(name)) for name in said}
        return data

    def _settle(self, name, answer, data):
        if answer:
            self.settled.add(name)
        if answer == "theirs":
            self.errors.pop(name, None)
            try:
                data[name] = self.fields[name].clean(self.showed[name])
            except forms.ValidationError as error:
                self.add_error(name, error)

    def _is_unsaid(self, name):
        """Whether a field came to be after the form was opened, so that nobody was asked."""
        widget = self.fields[name].widget
        return name not in self.showed and widget.value_omitted_from_data(self.data, {}, name)

    # --- meeting what others saved -------------------------------------------------

    def meet(self, newest):
        """Return the same form for the newest version: theirs taken, mine kept, the rest asked.

        Args:
            newest: the record as it is now.
        """
        other = self.again(None, newest)
        theirs = other.stored()
        verdicts = conflict.sort(self.showed, theirs, self.mine, linked=self.linked)
        data = self.data.copy()
        for name in self._open_questions():
            data.pop(_CHOICE + name, None)
        for name, text in theirs.items():
            if name not in self.mine or verdicts.get(name, "taken") == "taken":
                data[name] = text
            elif name in self.settled:
                data[name] = self.mine[name]
        names = {name: other.told(name) for name in verdicts}
        meeting = conflict.Meeting(
            verdicts=verdicts,
            was={name: self.showed[name] for name in verdicts if name in self.showed},
            theirs={name: theirs[name] for name in verdicts},
            mine={name: self.mine[name] for name in verdicts},
            who=conflict.changers(other.events(), names),
        )
        data["version"] = newest.version
        data["opened"] = conflict.seal(theirs, meeting, subject=newest)
        form = self.again(data, newest)
        form.has_met = True
        return form

    # --- saying it -----------------------------------------------------------------

    def _open_questions(self):
        both = self.meeting.names("both") if self.meeting else ()
        return [name for name in both if name in self.fields]

    def _question(self, name):
        words = {
            "theirs": self.words(name, self.meeting.theirs[name]),
            "mine": self.words(name, self.meeting.mine[name]),
            "by": self._by(name),
        }
        was, label = self.meeting.was.get(name), self.fields[name].label
        return forms.ChoiceField(
            label=label,
            choices=[
                ("theirs", _("%(theirs)s – %(by)s") % words),
                ("mine", _("%(mine)s – you, as typed below") % words),
            ],
            widget=forms.RadioSelect,
            help_text=was is not None
            and _("When you opened this page: %(was)s") % {"was": self.words(name, was)},
            error_messages={"required": _("Choose whose to keep: %(label)s.") % {"label": label}},
        )

    def _who(self, name):
        return self.meeting.who.get(name, [""])[0] or "Mainstay"

    def _by(self, name):
        if name not in self.meeting.who:
            return self._who(name)
        at = parse_datetime(self.meeting.who[name][1])
        return _("%(who)s, %(ago)s") % {"who": self._who(name), "ago": ago(at)}

    def words(self, name, text):
        """Say what a control sends as people read it."""
        field = self.fields[name]
        if isinstance(field, forms.BooleanField):
            return _("yes") if text else _("no")
        if not text:
            return _("empty")
        if isinstance(field, forms.DateField):
            return day(datetime.date.fromisoformat(text))
        choices = getattr(field, "choices", ())
        return next((str(label) for value, label in choices if str(value) == text), text)

    def questions(self):
        """Return the choices that are to be made, as fields of the form."""
        return [self[_CHOICE + name] for name in self._open_questions()]

    def taken(self):
        """Return rows of what only others changed, for the page."""
        return self._rows("taken")

    def kept(self):
        """Return rows of what only this person changed, for the page."""
        return self._rows("kept")

    def _rows(self, verdict):
        names = self.meeting.names(verdict) if self.meeting else ()
        return [self._row(name) for name in names if name in self.fields]

    def _row(self, name):
        return {
            "label": self.fields[name].label,
            "was": self.words(name, self.meeting.was[name]),
            "theirs": self.words(name, self.meeting.theirs[name]),
            "mine": self.words(name, self.meeting.mine[name]),
            "by": self._by(name),
        }

    def others(self):
        """Name those who changed something meanwhile: Ben Okoro and Ana Pires."""
        verdicts = self.meeting.verdicts if self.meeting else {}
        names = [name for name, verdict in verdicts.items() if verdict != "kept"]
        return get_text_list(list(dict.fromkeys(self._who(name) for name in names)), _("and"))

    def saved_words(self, otherwise):
        """Say that it is saved, and what others changed that was kept as well."""
        rows = self.taken() if self.has_met else ()
        if not rows:
            return otherwise
        labels = get_text_list([str(row["label"]) for row in rows], _("and"))
        words = {"who": self.others(), "what": labels}
        return _("Saved. %(who)s changed %(what)s meanwhile; both are kept.") % words

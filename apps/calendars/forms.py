"""What people type about working time."""

import re
from datetime import date

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.calendars import queries, rules
from apps.calendars.models import Calendar
from apps.calendars.rules import MIDNIGHT, Hours, clock
from apps.users.models import Team, User

DAYS = {
    "monday": gettext_lazy("Monday"),
    "tuesday": gettext_lazy("Tuesday"),
    "wednesday": gettext_lazy("Wednesday"),
    "thursday": gettext_lazy("Thursday"),
    "friday": gettext_lazy("Friday"),
    "saturday": gettext_lazy("Saturday"),
    "sunday": gettext_lazy("Sunday"),
}
FURTHEST = 366 * 2  # days for which somebody may be away

_STRETCH = re.compile(r"([01]?\d|2[0-4])[:.]([0-5]\d)\s*[-–]\s*([01]?\d|2[0-4])[:.]([0-5]\d)")
_DAY_OFF = re.compile(rf"(\d{{4}}-\d\d-\d\d)(?:\s+({_STRETCH.pattern}))?\s+(.{{1,80}})")


def _stretch(typed):
    """Return a typed stretch as minutes after midnight.

    Raises:
        ValidationError: it is none.
    """
    match = _STRETCH.fullmatch(typed.strip())
    numbers = [int(each) for each in match.groups()] if match else [0] * 4
    opens, closes = numbers[0] * 60 + numbers[1], numbers[2] * 60 + numbers[3]
    if not 0 <= opens < closes <= MIDNIGHT:
        words = _("Write hours such as 09:00-12:30, 13:30-17:30, from midnight to 24:00.")
        raise forms.ValidationError(words)
    return opens, closes


def _check_apart(stretches):
    """Refuse stretches of one day of which two lie on the same minute."""
    ends = [closes for _opens, closes in sorted(stretches)]
    if any(opens < end for (opens, _closes), end in zip(sorted(stretches)[1:], ends, strict=False)):
        raise forms.ValidationError(_("Two of these overlap. Let one begin where the other ends."))


def _date(typed):
    try:
        return date.fromisoformat(typed)
    except ValueError:
        words = _("“%(typed)s” is no date. Write it as 2026-12-24.")
        raise forms.ValidationError(words, params={"typed": typed}) from None


def _lines(text):
    return [line.strip() for line in text.splitlines() if line.strip()]


class Stretches(forms.CharField):
    """The hours of one weekday: none, or several with breaks between them."""

    def clean(self, value):
        typed = [each for each in re.split("[,;]", super().clean(value)) if each.strip()]
        stretches = sorted(_stretch(each) for each in typed)
        _check_apart(stretches)
        return stretches

    def prepare_value(self, value):
        if isinstance(value, list | tuple):
            return ", ".join(f"{clock(opens)}-{clock(closes)}" for opens, closes in value)
        return value


class DaysOff(forms.CharField):
    """Dates that are free, whole or in part, one a line with its name."""

    widget = forms.Textarea

    def clean(self, value):
        rows = [self._row(line) for line in _lines(super().clean(value))]
        by_date = {}
        for on, opens, closes, _name in rows:
            by_date.setdefault(on, []).append((opens, closes))
        for stretches in by_date.values():
            _check_apart(stretches)
        return rows

    def _row(self, line):
        match = _DAY_OFF.fullmatch(line)
        if match is None:
            words = _("“%(typed)s” lacks a date or a name. Write 2026-12-24 Christmas Eve.")
            raise forms.ValidationError(words, params={"typed": line})
        opens, closes = _stretch(match[2]) if match[2] else (0, MIDNIGHT)
        return _date(match[1]), opens, closes, match[7]

    def prepare_value(self, value):
        if not isinstance(value, list):
            return value
        return "\n".join(
            f"{on} {name}"
            if (opens, closes) == (0, MIDNIGHT)
            else f"{on} {clock(opens)}-{clock(closes)} {name}"
            for on, opens, closes, name in value
        )


class Dates(forms.CharField):
    """Dates, one a line."""

    widget = forms.Textarea

    def clean(self, value):
        return sorted({_date(line) for line in _lines(super().clean(value))})

    def prepare_value(self, value):
        return "\n".join(str(on) for on in value) if isinstance(value, list) else value


def _people():
    return User.objects.filter(is_active=True).order_by("name", "pk")


def _weekday(name):
    return Stretches(label=DAYS[name], required=False, widget=forms.TextInput(attrs={"size": 40}))


class CalendarForm(forms.ModelForm):
    """A calendar with its week, its days off and whose it is."""

    monday = _weekday("monday")
    tuesday = _weekday("tuesday")
    wednesday = _weekday("wednesday")
    thursday = _weekday("thursday")
    friday = _weekday("friday")
    saturday = _weekday("saturday")
    sunday = _weekday("sunday")
    days_off = DaysOff(
        label=gettext_lazy("Days off"),
        required=False,
        help_text=gettext_lazy(
            "One a line: 2026-12-24 Christmas Eve. For a part of a day: 2026-12-31 13:00-17:30 Early"
            " finish."
        ),
    )
    worked = Dates(
        label=gettext_lazy("Public holidays that are worked"),
        required=False,
        help_text=gettext_lazy("One date a line, such as 2026-08-31."),
    )
    teams = forms.ModelMultipleChoiceField(
        Team.objects.order_by("name"),
        label=gettext_lazy("Teams"),
        required=False,
        help_text=gettext_lazy(
            "Whose people work by it, unless they have a calendar of their own."
        ),
    )
    people = forms.ModelMultipleChoiceField(
        None,
        label=gettext_lazy("People"),
        required=False,
        help_text=gettext_lazy("Who works by it whatever the team does."),
    )

    class Meta:
        model = Calendar
        fields = ["name", "time_zone", "country", "region"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["people"].queryset = _people()
        if self.instance.pk and not self.is_bound:
            self.initial |= _as_typed(self.instance)

    def clean_country(self):
        """Accept gb for GB, and only countries whose holidays are known."""
        country = self.cleaned_data["country"].upper()
        if country and rules.regions(country) is None:
            words = _("No public holidays are known for %(country)s. Write two letters such as GB.")
            raise forms.ValidationError(words, params={"country": country})
        return country

    def clean_region(self):
        """Accept only what is a part of the country."""
        region = self.cleaned_data["region"].upper()
        known = rules.regions(self.cleaned_data.get("country") or "") or ()
        if not region or region in known:
            return region
        if known:
            words = _("Choose one of %(known)s, or leave it empty.")
            raise forms.ValidationError(words, params={"known": ", ".join(known)})
        raise forms.ValidationError(_("Leave it empty: there are no regions to choose from."))

    def clean(self):
        data = super().clean()
        if not any(data.get(day, True) for day in DAYS):
            words = _("Write the hours of one day at least: a calendar has working time.")
            self.add_error("monday", words)
        if self.errors:
            return data
        for on in data["worked"]:
            if not rules.holiday(self.hours, on):
                words = _("%(on)s is no public holiday there. Remove it.") % {"on": on}
                self.add_error("worked", words)
        return data

    @property
    def week(self):
        """The stretches of seven days."""
        return [self.cleaned_data[day] for day in DAYS]

    @property
    def hours(self):
        """The working time that was typed, as the rules take it."""
        data, days_off = self.cleaned_data, {}
        for on, opens, closes, _name in data["days_off"]:
            days_off.setdefault(on, []).append((opens, closes))
        return Hours(
            zone=data["time_zone"],
            week=tuple(map(tuple, self.week)),
            days_off={on: tuple(parts) for on, parts in days_off.items()},
            country=data["country"],
            region=data["region"],
            worked=frozenset(data["worked"]),
        )

    def preview(self, first, count):
        """Return so many days of what was typed; none while something is wrong with it."""
        if self.errors:
            return []
        names = {on: name for on, _opens, _closes, name in self.cleaned_data["days_off"]}
        return rules.next_days(self.hours, first, count, names=names)


def _as_typed(calendar):
    """Return the parts of a calendar as its form shows them."""
    week = {day: [] for day in DAYS}
    names = list(DAYS)
    for each in calendar.openings.order_by("weekday", "opens"):
        week[names[each.weekday]].append((each.opens, each.closes))
    days_off = calendar.days_off.order_by("on", "opens")
    return {
        **week,
        "days_off": list(days_off.values_list("on", "opens", "closes", "name")),
        "worked": list(calendar.worked_holidays.order_by("on").values_list("on", flat=True)),
        "teams": list(calendar.of_teams.values_list("team", flat=True)),
        "people": list(calendar.of_people.values_list("user", flat=True)),
    }


class Day(forms.DateInput):
    """A date as the browser's own field takes it."""

    input_type = "date"

    def __init__(self):
        super().__init__(format="%Y-%m-%d")


class Away(forms.Form):
    """Days on which somebody is out of office.

    Args:
        data: what was sent.
        user: who is away.
        today: the date where they are.
    """

    starts_on = forms.DateField(
        label=gettext_lazy("First day"),
        widget=Day,
        error_messages={"required": gettext_lazy("Choose the first day.")},
    )
    ends_on = forms.DateField(
        label=gettext_lazy("Last day"),
        widget=Day,
        error_messages={"required": gettext_lazy("Choose the last day.")},
    )
    stand_in = forms.ModelChoiceField(
        None,
        label=gettext_lazy("Who stands in"),
        required=False,
        empty_label=gettext_lazy("Nobody"),
    )
    note = forms.CharField(
        label=gettext_lazy("Note"),
        help_text=gettext_lazy("Such as where to find things."),
        max_length=200,
        required=False,
    )

    def __init__(self, data=None, *, user, today):
        super().__init__(data)
        self.today = today
        self.fields["stand_in"].queryset = queries.stand_ins(user)

    def clean_ends_on(self):
        """Refuse an end that is over, or further ahead than anybody plans."""
        ends_on = self.cleaned_data["ends_on"]
        if not self.today <= ends_on <= self.today + rules.DAY * FURTHEST:
            raise forms.ValidationError(_("Choose a day from today, within the next two years."))
        return ends_on

    def clean(self):
        data = super().clean()
        starts_on, ends_on = data.get("starts_on"), data.get("ends_on")
        if starts_on and ends_on and starts_on > ends_on:
            self.add_error("ends_on", _("Choose a last day that is not before the first."))
        return data

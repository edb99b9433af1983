"""What people type about people."""

from zoneinfo import available_timezones

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from apps.access import rules
from apps.access.models import Authority, Role
from apps.users.models import Team, User

# Names like Europe/London; the rest of the database is old spellings and offsets.
_AREAS = (
    *("Africa/", "America/", "Antarctica/", "Asia/", "Atlantic/", "Australia/"),
    *("Europe/", "Indian/", "Pacific/", "UTC"),
)
ZONES = sorted(zone for zone in available_timezones() if zone.startswith(_AREAS))


class Invite(forms.Form):
    """Who to invite, and to what."""

    email = forms.EmailField(
        label=_("E-mail"), max_length=254, help_text=_("The invitation goes to this address.")
    )
    name = forms.CharField(label=_("Name"), max_length=120)
    role = forms.ChoiceField(label=_("Role"))
    team = forms.ModelChoiceField(
        Team.objects.none(), label=_("Team"), required=False, empty_label=_("No team")
    )

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, **kwargs)
        may_give = rules.INVITES[by.member.role]
        self.fields["role"].choices = [pair for pair in Role.choices if pair[0] in may_give]
        # Whoever joins a private team sees its customers; so only those who see them invite.
        hidden = Team.objects.hidden_from(by)
        self.fields["team"].queryset = Team.objects.exclude(pk__in=hidden).order_by("name")


class Join(forms.Form):
    """What the invited say when they accept."""

    name = forms.CharField(
        label=_("Your name"), max_length=120, help_text=_("As colleagues will read it.")
    )
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        max_length=128,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("12 characters or more. A short sentence works well."),
    )

    def __init__(self, *args, email, **kwargs):
        super().__init__(*args, **kwargs)
        self.email = email

    def clean(self):
        data = super().clean()
        if password := data.get("password"):
            person = User(email=self.email, name=data.get("name", ""))
            try:
                validate_password(password, person)
            except forms.ValidationError as error:
                self.add_error("password", error)
        return data


class Access(forms.Form):
    """What somebody is, may promise, and belongs to."""

    role = forms.ChoiceField(
        label=_("Role"),
        choices=Role.choices,
        help_text=_("What they may do. Admins change access and settings, and see every team."),
    )
    authority = forms.ChoiceField(
        label=_("Authority"),
        choices=Authority.choices,
        help_text=_("How much they may promise a customer without asking."),
    )
    team = forms.ModelChoiceField(
        Team.objects.order_by("name"), label=_("Team"), required=False, empty_label=_("No team")
    )


class Profile(forms.Form):
    """What somebody says of themselves."""

    name = forms.CharField(label=_("Name"), max_length=120)
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=[(zone, zone.replace("_", " ")) for zone in ZONES],
        help_text=_("All times are shown in it."),
    )
    theme = forms.ChoiceField(
        label=_("Colours"), choices=User.Theme.choices, widget=forms.RadioSelect
    )
    has_shortcuts = forms.BooleanField(
        label=_("Single-key shortcuts"),
        required=False,
        help_text=_("Such as S for Log a save. Ctrl Enter works either way."),
    )


class Theme(forms.Form):
    """The colours that a press in the menu asks for."""

    theme = forms.ChoiceField(choices=User.Theme.choices)

"""What somebody asks to be done to many customers: to which, and what exactly."""

from dataclasses import dataclass

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from apps.accounts.models import Stage
from apps.accounts.queries import possible_owners
from apps.desk.forms.customers import CustomerFilter
from apps.users.models import Team, User
from apps.workspace import bulk_kinds
from apps.workspace.models import SavedView

# No page shows more rows than that.
TICKED = 1000
STALE = _l("This page is out of date. Load it again.")
CHOOSE = ("", _l("Choose…"))


class Start(forms.Form):
    """The list as it was sent: which rows were ticked, or all that match, and what for."""

    do = forms.CharField(error_messages={"required": STALE})
    key = forms.UUIDField(error_messages={"required": STALE, "invalid": STALE})
    all = forms.BooleanField(required=False)
    question = forms.CharField(required=False)

    def __init__(self, data, *, user):
        super().__init__(data)
        self.user = user
        self.listed = CustomerFilter(QueryDict(data.get("question", "")), user=user)

    def clean_do(self):
        """Accept what is there; whether this person may is the view's question."""
        do = self.cleaned_data["do"]
        if do not in OFFERS:
            raise forms.ValidationError(STALE)
        return do

    def clean(self):
        """Ask for rows."""
        data = super().clean()
        if not self.listed.is_valid():
            raise forms.ValidationError(STALE)
        if not data.get("all") and not self.picked:
            raise forms.ValidationError(_l("Tick the customers first, then choose what to do."))
        return data

    @property
    def picked(self):
        """The ids of the ticked rows; what is none is ignored."""
        given = self.data.getlist("pick")[:TICKED]
        return [int(each) for each in given if each.isdecimal() and len(each) < 19]


class Owner(forms.Form):
    """The new owner."""

    owner = forms.ChoiceField(
        label=_l("New owner"), error_messages={"required": _l("Choose an owner.")}
    )

    def __init__(self, data=None, *, user):
        super().__init__(data)
        people = [(str(person.pk), str(person)) for person in possible_owners()]
        self.fields["owner"].choices = [CHOOSE, ("none", _("Nobody")), *people]

    def arguments(self):
        """Return what the change needs."""
        owner = self.cleaned_data["owner"]
        return {"owner": None if owner == "none" else int(owner)}

    def label(self):
        """Say what is done."""
        owner = self.cleaned_data["owner"]
        if owner == "none":
            return _("Take the owner away")
        return _("Assign to %(name)s") % {"name": User.objects.get(pk=owner)}


class ToTeam(forms.Form):
    """The new team."""

    team = forms.ChoiceField(
        label=_l("New team"), error_messages={"required": _l("Choose a team.")}
    )

    def __init__(self, data=None, *, user):
        super().__init__(data)
        teams = Team.objects.exclude(pk__in=user.hidden_teams).order_by("name")
        named = [(str(team.pk), team.name) for team in teams]
        self.fields["team"].choices = [CHOOSE, ("none", _("No team")), *named]

    def arguments(self):
        """Return what the change needs."""
        team = self.cleaned_data["team"]
        return {"team": None if team == "none" else int(team)}

    def label(self):
        """Say what is done."""
        team = self.cleaned_data["team"]
        if team == "none":
            return _("Take the team away")
        return _("Give to team %(name)s") % {"name": Team.objects.get(pk=team)}


class ToStage(forms.Form):
    """The new stage, and why."""

    stage = forms.ChoiceField(
        label=_l("New stage"),
        choices=[CHOOSE, *Stage.choices],
        error_messages={"required": _l("Choose a stage.")},
    )
    reason = forms.CharField(
        label=_l("Why"),
        max_length=300,
        help_text=_l("One sentence, for colleagues who read this later."),
        error_messages={"required": _l("Write why, in a sentence.")},
    )

    def __init__(self, data=None, *, user):
        super().__init__(data)

    def arguments(self):
        """Return what the change needs."""
        return dict(self.cleaned_data)

    def label(self):
        """Say what is done."""
        return _("Set the stage to %(stage)s") % {"stage": Stage(self.cleaned_data["stage"]).label}


class IntoView(forms.Form):
    """A view that is filled by hand: one that is there, or a new one."""

    view = forms.ModelChoiceField(
        SavedView.objects.none(),
        label=_l("View"),
        required=False,
        empty_label=_l("A new view"),
        help_text=_l("Views that are filled by hand."),
    )
    name = forms.CharField(
        label=_l("Name of the new view"),
        max_length=60,
        required=False,
        help_text=_l("For example: Call before June."),
    )

    def __init__(self, data=None, *, user):
        super().__init__(data)
        views = SavedView.objects.of_page("customers").visible_to(user).filter(is_picked=True)
        self.fields["view"].queryset = views.by_name()
        self.fields["view"].label_from_instance = lambda view: view.name

    def clean(self):
        """Ask for one of the two, and for a name that is free."""
        data = super().clean()
        if not data.get("view") and not data.get("name") and not self.errors:
            self.add_error("name", _("Choose a view, or name a new one."))
        return data

    @property
    def new_name(self):
        """What a view that has to be made first is called; empty for one that is there."""
        return "" if self.cleaned_data["view"] else self.cleaned_data["name"]

    def arguments(self):
        """Return what the change needs."""
        return {"view": self.cleaned_data["view"].pk}

    def label(self):
        """Say what is done."""
        return _("Put into “%(name)s”") % {"name": self.cleaned_data["view"].name}


@dataclass(frozen=True)
class Offer:
    """One thing that can be done to ticked customers."""

    kind: str
    button: str
    icon: str
    form: type


OFFERS = {
    offer.kind: offer
    for offer in [
        Offer("accounts.owner", _l("Assign owner"), "user-plus", Owner),
        Offer("accounts.team", _l("Change team"), "customers", ToTeam),
        Offer("accounts.stage", _l("Set stage"), "milestone", ToStage),
        Offer("accounts.pick", _l("Add to a view"), "plus", IntoView),
    ]
}


def offered_to(user):
    """Return the offers that a person may take up, by kind."""
    return {
        kind: offer for kind, offer in OFFERS.items() if user.has_perm(bulk_kinds.get(kind).right)
    }

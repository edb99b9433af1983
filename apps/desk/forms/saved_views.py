"""What may be typed about a saved view, and reading what one keeps."""

from dataclasses import dataclass

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from apps.access.models import Role
from apps.desk.forms.customers import CustomerFilter
from apps.desk.queries.columns import available
from apps.workspace.models import SavedView

Sharing = SavedView.Sharing


@dataclass(frozen=True)
class Opened:
    """A view's question as far as it can still be asked.

    Args:
        form: a valid CustomerFilter.
        lost: what can't be asked any more, in words.
    """

    form: CustomerFilter
    lost: list[str]


def open_view(view, *, user):
    """Read what a view keeps; a filter whose answer is gone is named, the others are kept."""
    asked = QueryDict(view.query, mutable=True)
    asked["columns"] = ".".join(view.columns)
    asked["view"] = str(view.pk)
    form = CustomerFilter(asked, user=user)
    if form.is_valid():
        return Opened(form, [])
    kept, lost = asked.copy(), []
    for name in sorted(form.unknown() | {each for each in form.errors if each in form.fields}):
        label = form.fields[name].label if name in form.fields else name
        lost.append(f"{label}: {', '.join(kept.pop(name))}")
    there = available()
    lost += [str(_("Column: %(name)s") % {"name": key}) for key in view.columns if key not in there]
    kept["columns"] = ".".join(key for key in view.columns if key in there)
    form = CustomerFilter(kept, user=user)
    form.is_valid()
    return Opened(form, lost)


class ViewForm(forms.Form):
    """A view's name, and who finds it.

    Args:
        data: what was sent, if anything was.
        user: who types.
        sharing: what the view is shared as, which stays possible.
        **options: of every form.
    """

    name = forms.CharField(
        label=_("Name"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Give the view a name.")},
    )
    sharing = forms.ChoiceField(label=_("Who finds it"), widget=forms.RadioSelect)

    def __init__(self, data=None, *, user, sharing=Sharing.MINE, **options):
        super().__init__(data, **options)
        possible = {Sharing.MINE, sharing}
        if user.team_id:
            possible.add(Sharing.TEAM)
        if user.has_perm("workspace.share_view"):
            possible.add(Sharing.EVERYONE)
        self.fields["sharing"].choices = [each for each in Sharing.choices if each[0] in possible]
        self.initial.setdefault("sharing", sharing)


class NewView(ViewForm):
    """A view that is about to be kept."""

    FILTERS, PICKED = "filters", "picked"

    kind = forms.ChoiceField(
        label=_("Which customers"),
        widget=forms.RadioSelect,
        initial=FILTERS,
        choices=[
            (FILTERS, _("All that the filters find, today and later")),
            (PICKED, _("Those that we put into it by hand; it begins empty")),
        ],
    )
    key = forms.UUIDField(widget=forms.HiddenInput)

    field_order = ["name", "kind", "sharing"]


class EditView(ViewForm):
    """A view that is there; managers also choose for whom the list opens with it."""

    roles = forms.MultipleChoiceField(
        label=_("Customers opens with it for"),
        choices=Role,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Unless somebody chose a view of their own."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)
    # The roles that were ticked when it was opened.
    shown = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, data=None, *, user, **options):
        super().__init__(data, user=user, **options)
        self.initial["shown"] = " ".join(self.initial.get("roles", ()))
        if not user.has_perm("workspace.share_view"):
            del self.fields["roles"], self.fields["shown"]

    def know_newer(self, view, roles):
        """Take the newer version in, so that saving again has it this form's way.

        Args:
            view: as it is now.
            roles: for whom the list opens with it now; they stay where nobody touched them here.
        """
        self.data = self.data.copy()
        self.data["version"] = str(view.version)
        if set(self.data.getlist("roles")) == set(self.data.get("shown", "-").split()):
            self.data.setlist("roles", roles)
        self.data["shown"] = " ".join(roles)

    def clean(self):
        """Refuse to open a role's list with what the role does not find."""
        asked = self.cleaned_data
        asked.pop("shown", None)
        if asked.get("roles") and asked.get("sharing") != Sharing.EVERYONE:
            self.add_error("roles", _("Share the view with everyone first, or untick the roles."))
        return asked


class Picks(forms.Form):
    """Which hand-picked views a customer is in.

    Args:
        data: what was sent, if anything was.
        views: those that somebody finds, each with whether it `holds` the customer.
        **options: of every form.
    """

    views = forms.MultipleChoiceField(
        label=_("Views picked by hand"), required=False, widget=forms.CheckboxSelectMultiple
    )
    name = forms.CharField(
        label=_("New view"),
        max_length=60,
        required=False,
        help_text=_("Only you find it until you share it."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    key = forms.UUIDField(widget=forms.HiddenInput)
    # The views that were ticked when it was opened.
    shown = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, data=None, *, views, **options):
        super().__init__(data, **options)
        self.known = {str(view.pk): view for view in views}
        self.fields["views"].choices = [(pk, view.name) for pk, view in self.known.items()]
        self.initial["views"] = [pk for pk, view in self.known.items() if view.holds]
        self.initial["shown"] = " ".join(self.initial["views"])
        if not views:
            del self.fields["views"], self.fields["shown"]

    def changes(self):
        """Return the views to put the customer into, and those to take it out of.

        What this form left as it was shown is left alone, whatever others did meanwhile.
        """
        ticked = set(self.cleaned_data.get("views", ()))
        shown = self.data.get("shown", self.initial["shown"]).split()
        into = [view for pk, view in self.known.items() if pk in ticked.difference(shown)]
        out = [view for pk, view in self.known.items() if pk in set(shown) - ticked]
        return into, out


class ColumnChoice(forms.Form):
    """Which columns the list shows, and in which order: a tick and a number for each.

    Args:
        data: the address.
        columns: all columns that there are.
    """

    def __init__(self, data, *, columns):
        super().__init__(data)
        self.columns = columns
        for column in columns:
            self.fields[f"show_{column.key}"] = forms.BooleanField(required=False)
            self.fields[f"place_{column.key}"] = forms.IntegerField(
                required=False, min_value=1, max_value=999
            )

    def keys(self):
        """Return the keys of the ticked columns, by their numbers; without one, last."""
        asked = self.cleaned_data
        ticked = [column.key for column in self.columns if asked.get(f"show_{column.key}")]
        return sorted(ticked, key=lambda key: asked.get(f"place_{key}") or 1000)

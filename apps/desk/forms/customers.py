"""What may be asked of the customer list."""

from datetime import timedelta
from urllib.parse import urlencode

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Stage, Status, Tier
from apps.desk.forms import custom as custom_filters
from apps.desk.queries.columns import USUAL, UnknownColumn, chosen
from apps.saves.models import Rung
from apps.saves.queries import commitments, watches, win_backs
from apps.users.models import Team, User
from apps.workspace.models import SavedView, ViewPick

SORTS = {
    "": _("Best match, or name"),
    "name": _("Name"),
    "-name": _("Name, backwards"),
    "-mrr": _("MRR, highest first"),
    "mrr": _("MRR, lowest first"),
    "renews": _("Renewal, soonest first"),
    "-renews": _("Renewal, latest first"),
    "-started": _("Newest customers"),
    "started": _("Oldest customers"),
}
# Which column each sort walks; the ones that may be empty have a key without gaps.
COLUMNS = {"name": "name_key", "mrr": "mrr", "renews": "renews_key", "started": "started_key"}
# Days from today.
RENEWS = [
    ("", _("Any time")),
    ("30", _("30 days")),
    ("60", _("60 days")),
    ("90", _("90 days")),
]
# Of customers who left.
WIN_BACK = [
    ("", _("Any")),
    ("due", _("Win-back may start")),
    ("waiting", _("Still left alone")),
]


class CustomerFilter(forms.Form):
    """The question that a list's URL asks; nothing else decides what the list shows."""

    q = forms.CharField(label=_("Search"), required=False, max_length=120, strip=True)
    status = forms.MultipleChoiceField(
        label=_("Status"), choices=Status, required=False, widget=forms.CheckboxSelectMultiple
    )
    stage = forms.MultipleChoiceField(
        label=_("Stage"), choices=Stage, required=False, widget=forms.CheckboxSelectMultiple
    )
    tier = forms.MultipleChoiceField(
        label=_("Tier"), choices=Tier, required=False, widget=forms.CheckboxSelectMultiple
    )
    watch = forms.MultipleChoiceField(
        label=_("Last save"), choices=Rung, required=False, widget=forms.CheckboxSelectMultiple
    )
    owner = forms.CharField(label=_("Owner"), required=False)
    team = forms.CharField(label=_("Team"), required=False)
    industry = forms.CharField(label=_("Industry"), required=False, max_length=60)
    mrr_from = forms.DecimalField(
        label=_("MRR from"), required=False, min_value=0, max_digits=12, decimal_places=2
    )
    mrr_to = forms.DecimalField(
        label=_("MRR up to"), required=False, min_value=0, max_digits=12, decimal_places=2
    )
    renews = forms.ChoiceField(label=_("Renews within"), choices=RENEWS, required=False)
    win_back = forms.ChoiceField(label=_("Win-back"), choices=WIN_BACK, required=False)
    commitments = forms.ChoiceField(
        label=_("Commitments"),
        choices=[
            ("", _("Any")),
            ("open", _("Open")),
            ("broken", _("Broken")),
            ("unmended", _("Broken, not made good")),
        ],
        required=False,
    )
    picked = forms.CharField(label=_("In view"), required=False)
    sort = forms.ChoiceField(label=_("Sort"), choices=list(SORTS.items()), required=False)

    # Part of the URL, but not a question: where in the list, what for, how it is laid out, and
    # which saved view it began from.
    ALSO = {"at", "for", "columns", "view"}
    FILTERS = [
        *("status", "stage", "tier", "watch"),
        *("owner", "team", "industry", "mrr_from", "mrr_to"),
        *("renews", "win_back", "commitments", "picked"),
    ]
    SEVERAL = ("status", "stage", "tier", "watch")

    def __init__(self, data, *, user, every=False):
        super().__init__(data)
        self.user = user
        if not every:
            # Most lists ask one thing of a dozen: what nobody asks need not be looked at.
            asked = {"q", *self.data}
            self.fields = {name: each for name, each in self.fields.items() if name in asked}
        self.custom = custom_filters.fields(self.data, every=every)
        self.fields.update(self.custom)

    def custom_groups(self):
        """Return the fields about custom fields, in their groups."""
        return custom_filters.groups(self)

    def clean(self):
        """Refuse what the list does not know, since a filter that is ignored is a lie."""
        if unknown := sorted(self.unknown()):
            raise forms.ValidationError(
                _("There is no filter called %(name)s."), params={"name": unknown[0]}
            )
        try:
            chosen(self.columns)
        except UnknownColumn as error:
            raise forms.ValidationError(
                _("There is no column called %(name)s."), params={"name": error.args[0]}
            ) from error
        return UNASKED | self.cleaned_data

    def unknown(self):
        """Names in the address that are none of the list's."""
        return set(self.data) - set(self.fields) - self.ALSO

    @property
    def columns(self):
        """Keys of the columns that were asked for, in order; none for the usual ones."""
        keys = tuple(filter(None, self.data.get("columns", "").split(".")))
        return () if keys == USUAL else keys

    @property
    def layout(self):
        """What a link to the same list says beside the question: its columns and its view."""
        columns, view = ".".join(self.columns), self.data.get("view", "")
        return [(name, value) for name, value in (("columns", columns), ("view", view)) if value]

    def clean_owner(self):
        """Accept me, none or somebody's id."""
        value = self.cleaned_data["owner"]
        if value in {"", "me", "none"}:
            return value
        return self._row(User.objects.all(), value, _("Choose an owner from the list."))

    def clean_team(self):
        """Accept none or a team's id."""
        value = self.cleaned_data["team"]
        if value in {"", "none"}:
            return value
        return self._row(Team.objects.all(), value, _("Choose a team from the list."))

    def clean_picked(self):
        """Accept the id of a view that is picked by hand and that this person finds."""
        value = self.cleaned_data["picked"]
        if not value:
            return value
        views = SavedView.objects.of_page("customers").visible_to(self.user)
        return self._row(
            views.filter(is_picked=True), value, _("The view it was picked for is gone.")
        )

    def _row(self, rows, value, message):
        row = rows.filter(pk=value).first() if value.isdecimal() and len(value) < 19 else None
        if row is None:
            raise forms.ValidationError(message)
        return row

    def filter(self, accounts, at):
        """Narrow a queryset of accounts by the answers, all but the search words."""
        asked = self.cleaned_data
        for name, question in (("stage", "stage__in"), ("tier", "tier__in")):
            if asked[name]:
                accounts = accounts.filter(**{question: asked[name]})
        if asked["status"]:
            accounts = accounts.with_status(*asked["status"], at=at)
        accounts = self._people(accounts)
        if asked["industry"]:
            accounts = accounts.filter(industry=asked["industry"])
        for name, question in (("mrr_from", "mrr__gte"), ("mrr_to", "mrr__lte")):
            if asked[name] is not None:
                accounts = accounts.filter(**{question: asked[name]})
        return self._listed(accounts, at)

    def _listed(self, accounts, at):
        """Narrow to renewals soon, by the reader's calendar, and to rows picked by hand."""
        asked = self.cleaned_data
        if asked["renews"]:
            today = timezone.localdate(at)
            accounts = accounts.with_sort_keys().filter(
                # The key is what an index walks.
                renews_key__range=(today, today + timedelta(days=int(asked["renews"])))
            )
        if asked["watch"]:
            accounts = watches.narrow(accounts, asked["watch"])
        if asked["win_back"]:
            accounts = win_backs.narrow(accounts, at, has_come=asked["win_back"] == "due")
        if asked["commitments"]:
            accounts = commitments.narrow(accounts, asked["commitments"])
        if asked["picked"]:
            picks = ViewPick.objects.filter(view=asked["picked"]).values("subject_id")
            accounts = accounts.filter(pk__in=picks)
        return custom_filters.narrow(accounts, self) if self.custom else accounts

    def _people(self, accounts):
        owner, team = self.cleaned_data["owner"], self.cleaned_data["team"]
        if owner:
            person = {"me": self.user, "none": None}.get(owner, owner)
            accounts = accounts.filter(owner=person)
        if team:
            accounts = accounts.filter(team=None if team == "none" else team)
        return accounts

    @property
    def order(self):
        """The column to sort by and whether downwards; None when relevance decides."""
        asked = self.cleaned_data["sort"]
        if not asked and self.cleaned_data["q"]:
            return None
        sort = asked or "name"
        return COLUMNS[sort.lstrip("-")], sort.startswith("-")

    @property
    def is_narrowed(self):
        """True when anything but the sort was asked."""
        return any(
            self.cleaned_data[name] not in custom_filters.NOTHING for name in self._single()
        ) or any(self.cleaned_data[name] for name in self.SEVERAL)

    def pairs(self, *without):
        """The question as name and value pairs, without some names or some pairs."""
        return [
            (name, value)
            for name, values in self.data.lists()
            for value in values
            if name in self.fields
            and value
            and name not in without
            and (name, value) not in without
        ]

    def query(self):
        """The question as a query string, with what the list looks like."""
        return urlencode([*self.pairs(), *self.layout])

    def kept(self):
        """What a new search keeps: the filters, but neither the words nor the place."""
        return [*self.pairs("q", "sort"), *self.layout]

    def _single(self):
        return [n for n in ("q", *self.FILTERS, *self.custom) if n not in self.SEVERAL]


class _Shared(dict):
    """Fields that no form of theirs changes: copying them takes longer than asking them."""

    def __deepcopy__(self, memo):
        return dict(self)


CustomerFilter.base_fields = _Shared(CustomerFilter.base_fields)
UNASKED = {name: field.clean(None) for name, field in CustomerFilter.base_fields.items()}

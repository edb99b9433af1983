"""The customer list among its saved views: which one it began from, and what has changed."""

from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import parse_qsl, urlencode

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from apps.desk.queries.columns import USUAL
from apps.users.models import User
from apps.workspace import queries as workspace
from apps.workspace.models import DefaultView, SavedView
from apps.workspace.queries import View

PAGE = "customers"
# More than these make a line that nobody reads; the others are one click away.
TABS = 5


@dataclass(frozen=True, slots=True)
class Tab:
    """A view in the line above the list."""

    pk: int
    name: str
    url: str
    is_current: bool


@dataclass(frozen=True)
class Standing:
    """Where a list stands among the views that somebody finds.

    Args:
        tabs: what the line above the list shows.
        view: the view that the list began from, or None.
        is_gone: it began from a view that is not there any more, or not for them.
        is_changed: the list asks for something else than the view, or has other columns.
        may_keep: this person may let the view keep the list as it is now.
        is_worth_saving: it could be kept as a view of its own.
    """

    tabs: list[Tab]
    view: View | None
    is_gone: bool
    is_changed: bool
    may_keep: bool
    is_worth_saving: bool


def views_of(user):
    """Return the views of the customer list that somebody finds."""
    return workspace.views_of(user, PAGE, role=user.member.role)


def opens_for(view):
    """Return the ids of the people whose list opens with a view now, by their choice or role."""
    chosen = DefaultView.objects.filter(page=PAGE)
    found = Q(view__sharing=SavedView.Sharing.EVERYONE) | Q(view__owner=OuterRef("pk"))
    found |= Q(view__team=OuterRef("team"))
    # The whole list is a choice too; what they do not find any more is none.
    own = chosen.filter(Q(view=None) | Q(found, view__removed_at=None), user=OuterRef("pk"))
    of_role = chosen.filter(found, view=view, role=OuterRef("member__role"))
    people = User.objects.filter(
        Exists(own.filter(view=view)) | (Exists(of_role) & ~Exists(own)), is_active=True
    )
    return set(people.values_list("pk", flat=True))


def address(view):
    """Return the address of the list as a view keeps it."""
    return _address(view.pk, view.query, ".".join(view.columns))


@lru_cache(maxsize=1024)
def _address(pk, query, columns):
    shown = [("columns", columns)] if columns else []
    asked = urlencode([*parse_qsl(query), *shown, ("view", pk)])
    return f"{reverse('desk:customers')}?{asked}"


def find(views, pk):
    """Return the view with an id, as an address writes it, or None."""
    return next((view for view in views if str(view.pk) == pk), None)


def standing(form, views, *, user):
    """Say where a list stands.

    Args:
        form: the list's CustomerFilter, valid or not.
        views: of `views_of()`.
        user: who looks.
    """
    asked = form.data.get("view", "")
    view = find(views, asked)
    shown = views[:TABS]
    if view and view not in shown:
        shown = [*views[: TABS - 1], view]
    is_changed = view is not None and not is_as_kept(form, view)
    return Standing(
        tabs=[Tab(each.pk, each.name, address(each), each is view) for each in shown],
        view=view,
        is_gone=asked not in {"", "all"} and view is None,
        is_changed=is_changed,
        may_keep=is_changed and workspace.may_change_view(view, user) and _fits(form, view),
        is_worth_saving=is_changed if view else bool(form.pairs() or form.columns),
    )


def _fits(form, view):
    """Say whether a view that is picked by hand would still list its picks."""
    return not view.is_picked or ("picked", str(view.pk)) in form.pairs()


def is_as_kept(form, view):
    """Say whether a list asks for what a view keeps, in whatever order."""
    asked = [
        (name, value)
        for name, values in form.data.lists()
        for value in values
        if value and name not in form.ALSO
    ]
    columns = () if tuple(view.columns) == USUAL else tuple(view.columns)
    return sorted(asked) == sorted(parse_qsl(view.query)) and form.columns == columns

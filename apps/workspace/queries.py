"""Reading the settings of the workspace, and the views of its lists."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from apps.core.sql import planned
from apps.workspace.models import DefaultView, SavedView, ViewPick, Workspace


@dataclass(slots=True)
class View:
    """A saved view as a menu says it."""

    pk: int
    name: str
    query: str
    columns: list[str]
    sharing: str
    is_picked: bool
    version: int
    owner_id: int
    owner: str
    # What the list opens with: 2 for this person's own choice, 1 for their role's, else 0.
    opens: int
    roles: list[str]  # for whom it is the role's choice


# Every opening of a list asks this, and it costs a tenth of the queryset that says the same.
_VIEWS = """
    SELECT v.id, v.name, v.query, v.columns, v.sharing, v.is_picked, v.version, v.owner_id,
        u.name,
        CASE WHEN bool_or(d.user_id = %(user)s) THEN 2
            WHEN bool_or(d.role = %(role)s) AND NOT EXISTS (
                SELECT 1 FROM workspace_defaultview whole
                WHERE whole.page = %(page)s AND whole.user_id = %(user)s AND whole.view_id IS NULL
            ) THEN 1
            ELSE 0 END,
        coalesce(array_agg(d.role ORDER BY d.role) FILTER (WHERE d.role <> ''), '{}')
    FROM workspace_savedview v
    JOIN users_user u ON u.id = v.owner_id
    LEFT JOIN workspace_defaultview d ON d.view_id = v.id
        AND (d.user_id = %(user)s OR d.role <> '')
    WHERE v.page = %(page)s AND v.removed_at IS NULL
        AND (v.sharing = 'everyone' OR v.owner_id = %(user)s OR v.team_id = %(team)s)
    GROUP BY v.id, u.name
    ORDER BY lower(v.name), v.id
"""


def current():
    """Return the workspace's settings; before somebody saved any, the defaults."""
    return Workspace.objects.first() or Workspace(id=1)


def views_of(user, page, *, role=None):
    """Return the views of a list that somebody finds, in the order of a menu.

    Args:
        user: who looks.
        page: which list.
        role: what they are here; roles live above this room.
    """
    asked = {"user": user.pk, "team": user.team_id, "page": page, "role": role or None}
    with planned() as cursor:
        cursor.execute(_VIEWS, asked)
        return [View(*row) for row in cursor.fetchall()]


def default_among(views):
    """Return the view that a list opens with, out of those of `views_of()`, or None."""
    best = max(views, key=lambda view: view.opens, default=None)
    return best if best and best.opens else None


def picked_views(user, page, *, subject_id):
    """Return the hand-picked views that somebody finds; each says whether it `holds` a row."""
    holds = ViewPick.objects.filter(view=OuterRef("pk"), subject_id=subject_id)
    views = SavedView.objects.of_page(page).visible_to(user).filter(is_picked=True)
    return list(views.select_related("owner").annotate(holds=Exists(holds)).by_name())


def count_views_with(subject_id, *, but_not, page):
    """Count the hand-picked views that hold one row of a list and not another one."""
    there = SavedView.objects.of_page(page).filter(removed_at=None, picks__subject_id=subject_id)
    return there.exclude(picks__subject_id=but_not).count()


def users_of(view, *, but):
    """Return how many other people's list opens with a view, and the roles it is set for."""
    chosen = DefaultView.objects.filter(view=view)
    others = chosen.exclude(user=None).exclude(user=but).count()
    return others, sorted(chosen.exclude(role="").values_list("role", flat=True))


def may_change_view(view, by):
    """Say whether somebody may change or remove a view."""
    shared = view.sharing == SavedView.Sharing.EVERYONE and by.has_perm("workspace.share_view")
    return view.owner_id == by.pk or shared
